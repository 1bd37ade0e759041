/**
 * Makes a feed readable in a browser: a style sheet of type `text/css`, because browsers are dropping XSLT. XML has no
 * links, so it shows URLs as text. Browsers apply it only to `application/xml`; with a feed's own media type Chrome
 * shows the source and Firefox saves a file.
 */

export const FEED_STYLESHEET_PATH = '/feeds.css';

// A feed declares its language but not its direction: `plaintext` derives each block's from its first strong letter.
export const FEED_STYLESHEET = `@namespace atom "http://www.w3.org/2005/Atom";
@namespace dc "http://purl.org/dc/elements/1.1/";
:root { color-scheme: light dark; }
rss *, atom|feed * { display: none; unicode-bidi: plaintext; text-align: start; overflow-wrap: anywhere; }
rss, channel, item, atom|feed, atom|entry { display: flex; flex-direction: column; }
rss, atom|feed {
  box-sizing: border-box; max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem;
  font: 1.0625rem/1.6 system-ui, "Noto Sans", sans-serif;
  color: light-dark(#1a1a1a, #ededed); background: light-dark(#fff, #161616);
}
channel > title, channel > description, item > title, item > description, item > link, item > pubDate,
item > dc|creator, atom|title, atom|subtitle, atom|summary, atom|published, atom|entry > atom|author, atom|name,
atom|entry > atom|link[rel="alternate"] { display: block; }
channel > title, atom|title { order: -2; font-size: 1.75rem; font-weight: 700; line-height: 1.3; }
channel > description, item > description, atom|subtitle, atom|summary { order: -1; }
item, atom|entry {
  margin-block-start: 1.25rem; padding-block-start: 1.25rem; border-block-start: 1px solid light-dark(#ccc, #444);
}
item > title, atom|entry > atom|title { order: -2; font-size: 1.25rem; font-weight: 600; line-height: 1.4; }
item > link, item > pubDate, item > dc|creator, atom|published, atom|author, atom|entry > atom|link {
  font-size: .875rem; color: light-dark(#595959, #b0b0b0);
}
item > link, atom|entry > atom|link { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
atom|entry > atom|link[rel="alternate"]::before { content: attr(href); }
`;
