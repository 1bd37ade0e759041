/**
 * What makes a feed readable to a person who opens it in a browser: a style sheet of type `text/css`, which browsers
 * keep, where they are dropping XSLT. XML has no links, so it shows addresses as text.
 */

export const FEED_STYLESHEET_PATH = '/feeds.css';

/** The `xml-stylesheet` instruction, as feedsmith takes it. */
export const FEED_STYLESHEETS = [{ type: 'text/css', href: FEED_STYLESHEET_PATH }];

// A feed says its language but not its direction: `plaintext` takes each block's from its first strong letter.
export const FEED_STYLESHEET = `@namespace atom "http://www.w3.org/2005/Atom";
@namespace dc "http://purl.org/dc/elements/1.1/";
:root { color-scheme: light dark; }
rss, atom|feed {
  display: block; box-sizing: border-box; max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem;
  font: 1.0625rem/1.6 system-ui, "Noto Sans", "Noto Nastaliq Urdu", sans-serif;
  color: light-dark(#1a1a1a, #ededed); background: light-dark(#fff, #161616);
}
rss *, atom|feed * { display: none; }
channel, item, item > title, item > description, item > link, item > pubDate,
channel > title, channel > description, item > dc|creator,
atom|entry, atom|title, atom|subtitle, atom|summary, atom|published, atom|entry > atom|author, atom|name,
atom|entry > atom|link[rel="alternate"] {
  display: block; unicode-bidi: plaintext; text-align: start; overflow-wrap: anywhere;
}
channel > title, atom|feed > atom|title { font-size: 1.75rem; font-weight: 700; line-height: 1.3; }
channel > description, atom|subtitle { margin-block-end: 1.5rem; }
item, atom|entry { margin-block: 1.25rem; padding-block-start: 1.25rem; border-block-start: 1px solid light-dark(#ccc, #444); }
item > title, atom|entry > atom|title { font-size: 1.25rem; font-weight: 600; line-height: 1.4; }
item > pubDate, item > dc|creator, atom|published, atom|author, item > link,
atom|entry > atom|link { font-size: .875rem; color: light-dark(#595959, #b0b0b0); }
atom|entry > atom|link[rel="alternate"]::before { content: attr(href); }
`;
