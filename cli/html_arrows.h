/* Arrows in a page of HTML: from a marker to the name that it acts on, and to the word that it changes. */
#ifndef GW_CLI_HTML_ARROWS_H
#define GW_CLI_HTML_ARROWS_H

/* The page's one script, and what its Content-Security-Policy calls it, so that no other runs. It draws where
 * a `mark` with data-to or data-changes stands in an element of class "text", to the mark there whose data-at
 * is the same. Without it, a mark's title still tells what it acts on. */
extern const char gw_html_arrows_script[];
extern const char gw_html_arrows_hash[];

/* What the arrows look like. */
extern const char gw_html_arrows_style[];

#endif
