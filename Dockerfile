# One image for api, worker and the command line. The tags are exact; whoever builds for others pins the digest too
# (docs/security.md).
FROM node:26.10.0-bookworm-slim AS build
WORKDIR /build
RUN npm install --global pnpm@12.21.0
COPY . .
RUN pnpm install --frozen-lockfile && pnpm build && pnpm production /perennial

FROM node:26.10.0-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    DATABASE_URL=file:/data/perennial.db
# What is in the image belongs to root and is written by nobody; the process owns the data alone.
RUN install --directory --owner=node --group=node --mode=0700 /data
WORKDIR /perennial
COPY --from=build /perennial ./
USER node
VOLUME /data
EXPOSE 3000 3001
# Node itself is the first process: it takes SIGTERM, drains, and ends with 0. No signal opens a debugger.
CMD ["node", "--disable-sigusr1", "apps/api/src/main.ts"]
