import type { Attack } from './attack.ts';

/** Comments, CDATA, declarations and processing instructions end in other places for other parsers. */
export const comments: readonly Attack[] = [
  { name: 'a comment', html: '<!-- <script>alert(1)</script> -->' },
  { name: 'a comment ended at once', html: '<!--><img src=x onerror=alert(1)>-->' },
  { name: 'a comment ended after one dash', html: '<!---><img src=x onerror=alert(1)>-->' },
  { name: 'a comment ended with an exclamation mark', html: '<!-- --!><img src=x onerror=alert(1)> -->' },
  { name: 'a comment never ended', html: '<!-- <p>one</p><script>alert(1)</script>' },
  { name: 'a comment in a comment', html: '<!-- <!-- --><img src=x onerror=alert(1)> -->' },
  { name: 'a comment with a dash before its end', html: '<!-- ---><script>alert(1)</script><!-- -->' },
  { name: 'a conditional comment', html: '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->' },
  { name: 'a conditional comment shown to others', html: '<![if !IE]><script>alert(1)</script><![endif]>' },
  { name: 'a comment element', html: '<comment><img src="</comment><img src=x onerror=alert(1)//">' },
  { name: 'a CDATA section', html: '<![CDATA[<script>alert(1)</script>]]>' },
  { name: 'a CDATA section ended by a bracket', html: '<![CDATA[ > <img src=x onerror=alert(1)> ]]>' },
  {
    name: 'what ends a CDATA section',
    html: '<p>]]&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;![CDATA[</p>',
  },
  { name: 'a processing instruction', html: '<?xml version="1.0"?><?x ><img src=x onerror=alert(1)>?>' },
  {
    name: 'a style sheet by instruction',
    html: '<?xml-stylesheet type="text/xsl" href="//evil.example/alert(1).xsl"?>',
  },
  {
    name: 'a document type with entities',
    html: '<!DOCTYPE x [<!ENTITY e "<script>alert(1)</script>">]>&e;',
  },
  { name: 'a declaration that is none', html: '<!<script>alert(1)</script>>' },
  { name: 'an end tag that is a comment', html: '</ <script>alert(1)</script>>' },
];
