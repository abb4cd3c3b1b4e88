import type { ConnectionErrorCode } from "./errors.ts";
import { OF_SINKS } from "./sinks/sink-explanations.ts";

/** What a code means and what helps, in words for a person. */
export type Explanation = { message: string; cure: string; retryable: boolean };

/**
 * One explanation per code: the web, the api and the terminal all speak from here. Instagram Login and Facebook
 * Login share the codes, so the words hold for both.
 */
export const EXPLANATIONS: Readonly<Record<ConnectionErrorCode, Explanation>> = {
  account_held: {
    message: "This Instagram account is already connected by another person here.",
    cure: "Sign out and sign in with that account, or disconnect it there first.",
    retryable: false,
  },
  account_not_eligible: {
    message: "Instagram allows this only for professional accounts.",
    cure: "In the Instagram app, switch the account to Business or Creator, then sign in again.",
    retryable: false,
  },
  app_not_available: {
    message: "This app may not work with that account yet.",
    cure: "While the app is in development, give the account a role in it, as an Instagram tester or a tester of the Facebook app, and accept the invitation; otherwise the app needs review.",
    retryable: false,
  },
  callback_damaged: {
    message: "The address you were sent back to arrived incomplete.",
    cure: "Start the sign-in again from the first page.",
    retryable: false,
  },
  choice_invalid: {
    message: "These accounts were not among those to choose from.",
    cure: "Choose at least one of the accounts that are shown.",
    retryable: false,
  },
  code_expired: {
    message: "The authorization code had expired before it could be used.",
    cure: "Start the sign-in again; it takes one click.",
    retryable: false,
  },
  code_used: {
    message: "This authorization code was used before.",
    cure: "Start the sign-in again; it takes one click.",
    retryable: false,
  },
  connection_not_found: {
    message: "There is no such connection.",
    cure: "Go back to your connections.",
    retryable: false,
  },
  data_access_ending: {
    message:
      "Facebook lets this site use the account for 90 days after your last visit, and that time is ending.",
    cure: "Reconnect the account; it takes one click.",
    retryable: false,
  },
  erasure_not_confirmed: {
    message: "What was typed is the name of none of your accounts. Nothing was erased.",
    cure: "Type the username of one of your accounts, as it is shown.",
    retryable: false,
  },
  flavour_not_configured: {
    message: "This way of signing in is not set up here.",
    cure: "Use Continue with Instagram, or ask whoever runs this site to set it up.",
    retryable: false,
  },
  import_not_better: {
    message: "The connection holds a token that works and lives longer than this one.",
    cure: "Nothing to do. To replace it anyway, disconnect the account first.",
    retryable: false,
  },
  import_unreadable: {
    message: "There is no access token in what was pasted.",
    cure: "Paste the token itself, a line of a .env file, JSON, a URL or a curl command that holds it.",
    retryable: false,
  },
  invalid_client: {
    message: "This site's app id or secret was refused.",
    cure: "Whoever runs this site should compare the app id and secret with the app dashboard.",
    retryable: false,
  },
  key_action_refused: {
    message: "This API key is not for that.",
    cure: "Make a key that is allowed to do it under Settings, or with `perennial keys create`.",
    retryable: false,
  },
  key_address_refused: {
    message: "This API key may not be used from this address.",
    cure: "Use it from one of the addresses it was made for, or make another key.",
    retryable: false,
  },
  key_connection_refused: {
    message: "This API key is not for that connection.",
    cure: "Use one of the connections it was made for, or make another key.",
    retryable: false,
  },
  key_expired: {
    message: "This API key has expired.",
    cure: "Make another key under Settings, or with `perennial keys create`.",
    retryable: false,
  },
  key_invalid: {
    message: "This is not an API key of this site.",
    cure: "Compare it with the key as it was shown: a typo or a cut end is the usual cause.",
    retryable: false,
  },
  key_limit_reached: {
    message: "There are as many API keys as one person may have.",
    cure: "Revoke one that is not used any more, then make this one.",
    retryable: false,
  },
  key_missing: {
    message: "The request holds no API key.",
    cure: "Send it in the header: Authorization: Bearer pnl_…",
    retryable: false,
  },
  key_not_found: {
    message: "There is no such API key.",
    cure: "Look at the list of your keys.",
    retryable: false,
  },
  key_revoked: {
    message: "This API key was revoked.",
    cure: "Make another key under Settings, or with `perennial keys create`.",
    retryable: false,
  },
  key_settings_invalid: {
    message: "An API key cannot be made with these settings.",
    cure: "Change what is named and try again.",
    retryable: false,
  },
  permission_missing: {
    message: "A permission that is needed was not granted.",
    cure: "Sign in again and leave the permissions ticked.",
    retryable: false,
  },
  rate_limited: {
    message: "Meta asks for a pause: too many calls.",
    cure: "Wait; the next attempt is already scheduled.",
    retryable: true,
  },
  reconnect_link_invalid: {
    message: "This reconnect link is no longer good.",
    cure: "Sign in from the first page with the account that needs reconnecting; it does the same.",
    retryable: false,
  },
  reconnect_required: {
    message: "A new sign-in is needed before this connection works again.",
    cure: "Reconnect the account.",
    retryable: false,
  },
  redirect_uri_mismatch: {
    message: "The address to send people back to is not registered with the app.",
    cure: "Whoever runs this site should register the redirect address exactly as the set-up guide shows it.",
    retryable: false,
  },
  return_path_refused: {
    message: "The page to return to is not one of ours.",
    cure: "Start the sign-in again from the first page.",
    retryable: false,
  },
  session_changed: {
    message: "You were signed in as somebody else when this began.",
    cure: "Go back to your connections and add the account again.",
    retryable: false,
  },
  session_not_found: {
    message: "There is no such session.",
    cure: "Look at the list under Settings: it may have ended by itself.",
    retryable: false,
  },
  sign_in_expired: {
    message: "This sign-in was begun more than ten minutes ago.",
    cure: "Start again; it takes one click.",
    retryable: false,
  },
  sign_in_in_progress: {
    message: "This sign-in is still being finished.",
    cure: "Wait a moment, then reload the page.",
    retryable: true,
  },
  sign_in_interrupted: {
    message: "This sign-in was interrupted before it was finished.",
    cure: "Start again; it takes one click.",
    retryable: false,
  },
  sign_in_unknown: {
    message: "This sign-in was not begun here.",
    cure: "Start from the first page.",
    retryable: false,
  },
  sign_in_used: {
    message: "This sign-in was already finished with another code.",
    cure: "Start again from the first page.",
    retryable: false,
  },
  sign_in_wrong_browser: {
    message: "This sign-in was begun in another browser.",
    cure: "Finish it there, or start again here.",
    retryable: false,
  },
  sign_in_wrong_flavour: {
    message: "This sign-in was begun with a different kind of login.",
    cure: "Start again from the first page.",
    retryable: false,
  },
  signed_request_forged: {
    message: "None of this site's app secrets signed this request.",
    cure: "Whoever runs this site should compare the app secrets with the app dashboard.",
    retryable: false,
  },
  signed_request_invalid: {
    message: "This is not a signed request as Meta sends them.",
    cure: "Nothing to do: only Meta calls this address.",
    retryable: false,
  },
  signed_request_stale: {
    message: "This request was signed too long ago, or in the future.",
    cure: "Whoever runs this site should see that the clock of the server is right.",
    retryable: false,
  },
  ...OF_SINKS,
  token_expired: {
    message: "The token has expired, and an expired one cannot be renewed.",
    cure: "Reconnect the account.",
    retryable: false,
  },
  token_invalid: {
    message: "This token is no longer accepted.",
    cure: "Reconnect the account.",
    retryable: false,
  },
  token_kind_unusable: {
    message: "This kind of token cannot act for an Instagram account.",
    cure: "Bring the token of a person or of a Page that has an Instagram account, or sign in.",
    retryable: false,
  },
  token_of_other_app: {
    message: "This token was issued to another app than the one this site uses.",
    cure: "Make the token with this site's own app, or sign in here; it takes one click.",
    retryable: false,
  },
  token_revoked: {
    message: "This token was withdrawn: the app was removed, or the password was changed.",
    cure: "Reconnect the account.",
    retryable: false,
  },
  token_too_young: {
    message: "Instagram renews a token only once it is a day old.",
    cure: "Nothing to do; it is renewed in time.",
    retryable: true,
  },
  token_unreadable: {
    message: "The stored token cannot be opened with the keys this site has.",
    cure: "Whoever runs this site should look at TOKEN_KEYS; reconnecting the account also helps.",
    retryable: false,
  },
  too_many_requests: {
    message: "Too many requests.",
    cure: "Wait as long as the answer says, then go on.",
    retryable: true,
  },
  transient: {
    message: "Meta did not answer properly.",
    cure: "Try again in a moment.",
    retryable: true,
  },
  unknown: {
    message: "Meta answered with something we do not know.",
    cure: "Try again in a moment; if it stays, the history of the connection shows when it began.",
    retryable: true,
  },
  user_denied: {
    message: "You chose not to allow the connection. Nothing was stored.",
    cure: "You can change your mind at any time.",
    retryable: false,
  },
  user_not_found: {
    message: "There is no such user.",
    cure: "`perennial users` lists them.",
    retryable: false,
  },
  wrong_account: {
    message: "This is another account than the one to reconnect.",
    cure: "Come back with the right account.",
    retryable: false,
  },
};
