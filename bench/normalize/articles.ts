import { exampleArticles } from '../../scripts/examples.ts';

export interface BenchArticle {
  name: 'small' | 'middle' | 'large';
  html: string;
  /** The size in UTF-8, as sent. */
  bytes: number;
}

const SIZES = { small: 4_000, middle: 40_000, large: 400_000 } as const;

/** Article bodies as newsrooms send them, in six languages. Each size combines as many examples as it needs. */
export function benchArticles(): BenchArticle[] {
  const bodies = exampleArticles()
    .map(({ body }) => JSON.parse(body).data.body as { format: string; content: string })
    .filter(({ format }) => format === 'html')
    .map(({ content }) => content)
    .sort((a, b) => Buffer.byteLength(a) - Buffer.byteLength(b));
  return (Object.keys(SIZES) as BenchArticle['name'][]).map((name) => {
    let html = '';
    for (let index = 0; Buffer.byteLength(html) < SIZES[name]; index += 1) {
      html += dressed(bodies[index % bodies.length] ?? '', index);
    }
    return { name, html, bytes: Buffer.byteLength(html) };
  });
}

/** An example with the markup that editors and a CMS add: block comments, spans, pictures, a video, an ad. */
function dressed(body: string, index: number): string {
  const picture = `https://media.publisher.example/2026/11/picture-${index}`;
  const words = body
    .replaceAll(
      '<p>',
      `<!-- wp:paragraph --><p class="story-text" style="text-align: left" data-block="${index}">`,
    )
    .replaceAll('</p>', '</p><!-- /wp:paragraph -->')
    .replaceAll('<li>', '<li class="story-list__item"><span style="font-weight: 400;">')
    .replaceAll('</li>', '</span></li>');
  return `<div class="story-content" id="story-${index}">
<figure class="wp-block-image size-large"><picture>
<source type="image/webp" srcset="${picture}.webp?w=480 480w, ${picture}.webp?w=1200 1200w" sizes="(max-width: 600px) 100vw, 800px">
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="${picture}.jpg" width="1200" height="675" alt="A picture &amp; its words" loading="lazy" class="wp-image-${index}"></picture>
<figcaption class="wp-element-caption">What the picture shows. <small>The photographer</small></figcaption></figure>
${words}
<div class="embed-container"><iframe width="560" height="315" src="https://www.youtube.com/embed/abcdefghijk?rel=0&amp;start=${index}" allowfullscreen></iframe></div>
<div class="ad-slot" data-slot="in-article-${index}"><script>window.slots.push({ slot: ${index} });</script></div>
</div>
`;
}
