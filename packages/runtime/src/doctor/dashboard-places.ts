/** Where things are found in Meta's dashboards, as its menus are called. */
export const PLACES = {
  products: "App dashboard: Add products",
  basic: "App dashboard: App settings > Basic",
  roles: "App dashboard: App roles > Roles",
  review: "App dashboard: App Review > Permissions and features",
  mode: "App dashboard: App mode",
  instagram: {
    pair: "App dashboard: Instagram > API setup with Instagram login",
    addresses: "App dashboard: Instagram > API setup with Instagram login > Business login settings",
  },
  facebook: {
    pair: "App dashboard: App settings > Basic",
    addresses: "App dashboard: Facebook Login for Business > Settings",
  },
} as const;
