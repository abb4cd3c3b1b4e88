// Plain JavaScript: this has to run on whatever Node there is, to say that it is too old.
const NEEDED = 24;

if (Number(process.versions.node.split(".")[0]) < NEEDED) {
  process.stderr.write(
    `Perennial needs Node ${NEEDED} or newer and was started with ${process.versions.node}. ` +
      "Run it through pnpm, which brings its own: npx pnpm@12 dev\n",
  );
  process.exit(1);
}
