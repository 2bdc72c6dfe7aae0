/** Pages that show what a command prints, under `$ <command>`; by their paths from the root. */
export const ANSWERED_PAGES: readonly string[] = ['README.md', 'docs/check.md', 'docs/webhooks.md'];
