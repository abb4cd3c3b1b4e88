import { PageHeading } from "../../components/page-heading.tsx";

/** What is asked, while the accounts are on their way as well: nothing moves when they come. */
export function ChoiceHeading() {
  return (
    <div>
      <PageHeading title="Choose accounts">Which accounts do you want to connect?</PageHeading>
      <p className="mt-2 text-soft">
        Facebook lets this site reach professional accounts through your Pages. Nothing is stored before you
        choose.
      </p>
    </div>
  );
}
