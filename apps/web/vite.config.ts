import tailwindcss from "@tailwindcss/vite";
import basicSsl from "@vitejs/plugin-basic-ssl";
import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv, type Plugin } from "vite";

import { precompress } from "./src/build/precompress.ts";
import { refuseBrowserSecrets } from "./src/build/refuse-browser-secrets.ts";

export default defineConfig(({ mode }) => {
  const { env } = process;
  refuseBrowserSecrets({ ...env, ...loadEnv(mode, import.meta.dirname, "VITE_") });

  const apiOrigin = `http://127.0.0.1:${env["API_PORT"] ?? "3000"}`;
  // Meta wants https redirect addresses: with such an APP_URL the development server speaks TLS.
  const speaksTls = env["APP_URL"]?.startsWith("https://localhost") === true;

  return {
    plugins: [react(), tailwindcss(), preloadTextFont(), precompressed(), ...(speaksTls ? [basicSsl()] : [])],
    resolve: {
      alias: [
        // The router's store brings a stand-in for a hook that React has had for years.
        {
          find: "use-sync-external-store/shim/with-selector",
          replacement: "use-sync-external-store/with-selector",
        },
      ],
    },
    server: {
      host: env["HOST"] ?? "127.0.0.1",
      port: Number(env["WEB_PORT"] ?? 5173),
      strictPort: true,
      allowedHosts: ["localhost", "127.0.0.1"],
      headers: { "Referrer-Policy": "no-referrer", "Cache-Control": "no-store" },
      proxy: Object.fromEntries(
        ["/trpc", "/v1", "/openapi.json", "/meta", "/healthz", "/readyz"].map((path) => [path, apiOrigin]),
      ),
    },
    build: {
      target: "baseline-widely-available",
      sourcemap: false,
      assetsInlineLimit: 0, // the content security policy allows no data: fonts
      modulePreload: { polyfill: false },
      rolldownOptions: { output: { codeSplitting: { groups: [LIBRARIES] } } },
    },
  };
});

/** One file for what every page needs: it compresses better than several, and stays cached while only pages change. */
const LIBRARIES = {
  name: "libraries",
  test: /node_modules\/(?:react|react-dom|scheduler|@tanstack|@trpc)\//,
};

/** Has the browser fetch the text font beside the style sheet instead of after it. */
function preloadTextFont(): Plugin {
  return {
    name: "perennial:preload-text-font",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((fileName) => /inter-latin-wght-normal.*\.woff2$/.test(fileName))
          .map((fileName) => ({
            tag: "link",
            injectTo: "head" as const,
            attrs: {
              rel: "preload",
              as: "font",
              type: "font/woff2",
              href: `/${fileName}`,
              crossorigin: true,
            },
          })),
    },
  };
}

/** Leaves compressed twins of the built files, which the api hands out. */
function precompressed(): Plugin {
  return {
    name: "perennial:precompressed",
    apply: "build",
    writeBundle: async ({ dir }, bundle) => {
      if (dir !== undefined) await precompress(dir, Object.keys(bundle));
    },
  };
}
