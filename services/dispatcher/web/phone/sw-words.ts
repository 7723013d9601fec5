/** What the page and its service worker say to each other. */

/** From the page: the new version may take over now. */
export const TAKE_OVER = "doorstep.take_over";
/** Of background sync: the signal is back, send what waits. */
export const REPORTS_WAIT = "doorstep-reports";
