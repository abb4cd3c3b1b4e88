// A function of a serverless site that shows the newest posts. It keeps no token of its own: Perennial puts each new
// one under a key of Upstash's Redis, and the function reads it there when it is asked.
const { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN } = process.env;
const INSTAGRAM = process.env.INSTAGRAM_GRAPH_ORIGIN ?? "https://graph.instagram.com";

export default async function handler() {
  const kept = await fetch(new URL("/get/instagram:token", UPSTASH_REDIS_REST_URL), {
    headers: { authorization: `Bearer ${UPSTASH_REDIS_REST_TOKEN}` },
  });
  const { result } = await kept.json();
  if (result === null) return new Response("The account has to be connected again.", { status: 503 });

  const { access_token } = JSON.parse(result);
  const media = new URL("/me/media", INSTAGRAM);
  media.searchParams.set("fields", "id,caption,permalink,timestamp");
  media.searchParams.set("access_token", access_token);
  const answer = await fetch(media);
  if (!answer.ok) return new Response("Instagram does not answer.", { status: 502 });
  const { data } = await answer.json();
  return Response.json({ posts: data }, { headers: { "cache-control": "public, max-age=600" } });
}
