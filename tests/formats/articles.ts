import type { Article } from '../../src/domain/article.ts';
import type { Block, Inline } from '../../src/domain/blocks.ts';
import type { PublisherProfile, Site } from '../../src/domain/site.ts';

/** Articles written for these tests: six languages, both directions, every kind of block. */

export const site: Site = {
  name: 'दैनिक दिशा',
  description: 'देश-दुनिया की ख़बरें, कई भाषाओं में',
  language: 'hi',
  tombstoneHours: 72,
  timeZone: 'Asia/Kolkata',
  origin: 'https://news.example',
};

export const publisher: PublisherProfile = {
  id: 'ganga-times',
  name: 'गंगा टाइम्स',
  url: 'https://ganga-times.example/',
};

const words = (text: string): Inline[] => [{ type: 'text', text }];
const paragraph = (text: string): Block => ({ type: 'paragraph', content: words(text) });
const heading = (text: string, level: 2 | 3 = 2): Block => ({ type: 'heading', level, content: words(text) });

const base = {
  publisher: 'ganga-times',
  version: 1,
  status: 'published',
  authors: [],
  tags: [],
  related: [],
  corrections: [],
  translations: [],
  direction: 'ltr',
} as const satisfies Partial<Article>;

/** Every field and, between this article and the English one, every block there is. */
export const hindi: Article = {
  ...base,
  id: '0hindi0000000001',
  sourceId: '1',
  version: 3,
  url: 'https://news.example/news/0hindi0000000001/%E0%A4%98%E0%A4%BE%E0%A4%9F',
  canonicalUrl: 'https://ganga-times.example/ghat-library',
  language: 'hi',
  headline: 'घाट की सीढ़ियों पर खुला पुस्तकालय, पहले ही दिन पहुंचे पांच सौ पाठक',
  summary: 'पुरानी नाव को अलमारी में बदलकर शुरू हुई पहल, हर शाम किताबें लेकर बैठते हैं स्वयंसेवक।',
  dateline: 'हरिद्वार',
  authors: [{ name: 'हिंदी डेस्क', url: 'https://ganga-times.example/desk' }],
  section: 'संस्कृति',
  tags: ['पुस्तकालय', 'गंगा', 'संस्कृति'],
  image: {
    url: 'https://images.example/ghat.jpg',
    width: 1200,
    height: 675,
    alt: 'घाट पर रखी नाव में सजी किताबें',
    caption: 'नाव में बना पुस्तकालय, शाम के समय।',
    credit: 'गंगा टाइम्स',
  },
  body: [
    {
      type: 'paragraph',
      content: [
        { type: 'text', text: 'शहर के एक पुराने घाट पर रविवार को ' },
        { type: 'strong', content: words('खुला पुस्तकालय') },
        { type: 'text', text: ' शुरू हुआ। इसकी सूची ' },
        {
          type: 'link',
          href: 'https://ganga-times.example/list?a=1&b=2',
          content: words('यहां देखी जा सकती है'),
        },
        { type: 'text', text: '।' },
      ],
    },
    paragraph(
      'आयोजकों के अनुसार नाव की मरम्मत में दो महीने लगे। किताबें आसपास के घरों से दान में मिलीं और उन पर एक-एक कर जिल्द चढ़ाई गई।',
    ),
    heading('कैसे मिलेंगी किताबें'),
    {
      type: 'list',
      ordered: true,
      start: 3,
      items: [
        [paragraph('घाट पर रखे रजिस्टर में नाम लिखें।')],
        [
          paragraph('एक बार में दो किताबें लें:'),
          { type: 'list', ordered: false, items: [[paragraph('एक कहानी')], [paragraph('एक कविता')]] },
        ],
      ],
    },
    {
      type: 'quote',
      blocks: [paragraph('नदी के किनारे पढ़ने का सुख अलग है।')],
      citation: words('एक पाठक'),
    },
    {
      type: 'image',
      url: 'http://images.example/inside.jpg',
      alt: 'नाव के भीतर',
      caption: 'भीतर की अलमारियां।',
    },
    {
      type: 'table',
      caption: words('पहले दिन के पाठक'),
      rows: [
        [
          { header: true, content: words('समय') },
          { header: true, content: words('पाठक') },
        ],
        [{ header: true, content: words('सुबह') }, { content: words('210') }],
        [{ columnSpan: 2, content: words('शाम को 290') }],
      ],
    },
    { type: 'divider' },
    paragraph('पुस्तकालय हर शाम चार से सात बजे तक खुला रहेगा।'),
  ],
  related: [
    { title: 'नदी किनारे सुबह की सैर के पांच रास्ते', url: 'https://ganga-times.example/walks' },
    { title: 'पुरानी नावों का नया जीवन' },
  ],
  credit: '(भाषा)',
  rights: { copyright: '© 2026 गंगा टाइम्स', licence: 'https://ganga-times.example/licence' },
  corrections: [{ at: '2026-11-22T12:00:00.000Z', note: 'पहले पाठकों की संख्या चार सौ बताई गई थी।' }],
  translations: [{ language: 'ur', url: 'https://news.example/news/0urd000000000003/x' }],
  publishedAt: '2026-11-22T10:00:00.000Z',
  updatedAt: '2026-11-22T12:00:00.000Z',
  wordCount: 120,
  readingMinutes: 1,
};

/** Embeds of every sort, code, a gallery, every inline. */
export const english: Article = {
  ...base,
  id: '0eng000000000002',
  sourceId: '2',
  publisher: 'coast-courier',
  url: 'https://news.example/news/0eng000000000002/tide-gauge',
  language: 'en',
  headline: 'Harbour’s 1912 tide gauge writes on: “No reason to stop it”',
  authors: [{ name: 'Coast desk' }, { name: 'Science desk' }],
  section: 'Science',
  tags: ['tides', 'instruments & tools'],
  body: [
    paragraph(
      'The brass pen has drawn the same two waves a day since the harbour office hung it on the wall.',
    ),
    {
      type: 'paragraph',
      content: [
        { type: 'em', content: words('Twice') },
        { type: 'text', text: ' a day the float rises; the H' },
        { type: 'sub', content: words('2') },
        { type: 'text', text: 'O does the rest, to 10' },
        { type: 'sup', content: words('−3') },
        { type: 'text', text: ' m.' },
        { type: 'break' },
        { type: 'code', content: words('h = a·cos(ωt)') },
        { type: 'text', text: ' is the short form. Write to ' },
        { type: 'link', href: 'mailto:tides@coast-courier.example', content: words('the harbour') },
        { type: 'text', text: '.' },
      ],
    },
    {
      type: 'embed',
      provider: 'youtube',
      id: 'M7lc1UVf-VE',
      url: 'https://www.youtube.com/watch?v=M7lc1UVf-VE',
    },
    { type: 'embed', provider: 'x', id: '20', url: 'https://x.com/i/status/20' },
    { type: 'embed', provider: 'frame', id: 'https://maps.example/tides', url: 'https://maps.example/tides' },
    heading('What it draws', 3),
    { type: 'code', language: 'python', text: '\nfor t in range(24):\n    print("<" * height(t))\n' },
    {
      type: 'gallery',
      images: [
        {
          url: 'https://images.example/pen.jpg',
          width: 800,
          height: 1200,
          alt: 'The pen',
          credit: 'Coast desk',
        },
        { url: 'https://images.example/drum.jpg', alt: 'The drum', caption: 'The drum, wound on Mondays.' },
      ],
    },
    { type: 'list', ordered: false, items: [[heading('A heading in an item', 3), paragraph('and words')]] },
    { type: 'quote', blocks: [paragraph('No reason to stop it.')] },
    {
      type: 'definitions',
      items: [{ terms: [words('Ebb'), words('Low water')], descriptions: [[paragraph('going out')]] }],
    },
    { type: 'aside', blocks: [heading('The gauge', 3), paragraph('Made in 1912.')] },
    {
      type: 'paragraph',
      language: 'ja',
      content: [
        { type: 'ruby', content: [...words('潮'), { type: 'reading', content: words('しお') }] },
        { type: 'span', language: 'ur', direction: 'rtl', content: words('لہر') },
        { type: 'span', direction: 'auto', content: words('ווא') },
        { type: 'abbreviation', title: 'mean sea level', content: words('MSL') },
        { type: 'mark', content: words('new') },
        { type: 'quote', content: words('said') },
      ],
    },
  ],
  publishedAt: '2026-11-21T08:30:00.000Z',
  updatedAt: '2026-11-21T08:30:10.000Z',
  wordCount: 90,
  readingMinutes: 1,
};

export const urdu: Article = {
  ...base,
  id: '0urd000000000003',
  sourceId: '3',
  url: 'https://news.example/news/0urd000000000003/x',
  language: 'ur',
  direction: 'rtl',
  headline: 'پرانے ریلوے اسٹیشن کی گھڑی چالیس برس بعد پھر چل پڑی',
  summary: 'مقامی گھڑی سازوں نے پرزے خود بنائے، مسافروں نے تالیاں بجا کر استقبال کیا۔',
  dateline: 'لاہور',
  authors: [{ name: 'اردو ڈیسک' }],
  section: 'شہر',
  tags: ['ریلوے', 'ورثہ'],
  image: { url: 'http://images.example/clock.jpg', caption: 'اسٹیشن کی گھڑی' },
  body: [
    paragraph(
      'اسٹیشن کی وہ گھڑی جس کی سوئیاں چار دہائیوں سے رکی ہوئی تھیں، پیر کی صبح دوبارہ چل پڑی۔ مرمت کا کام Platform 1 پر ہوا۔',
    ),
    heading('پرزے کہاں سے آئے'),
    {
      type: 'list',
      ordered: false,
      items: [[paragraph('کچھ پرانے کباڑ سے ملے')], [paragraph('باقی ہاتھ سے بنائے گئے')]],
    },
    {
      type: 'quote',
      blocks: [paragraph('گھڑی کی آواز سن کر بچپن یاد آ گیا۔')],
      citation: words('ایک مسافر'),
    },
    {
      type: 'table',
      rows: [[{ content: words('قطر') }, { content: words('1.2 میٹر') }]],
    },
  ],
  publishedAt: '2026-11-20T05:15:00.000Z',
  updatedAt: '2026-11-20T05:15:00.000Z',
  wordCount: 80,
  readingMinutes: 1,
};

/** Right to left, with a component. */
export const urduVideo: Article = {
  ...urdu,
  id: '0vrd000000000004',
  sourceId: '4',
  url: 'https://news.example/news/0vrd000000000004/x',
  body: [
    ...urdu.body,
    {
      type: 'embed',
      provider: 'youtube',
      id: 'M7lc1UVf-VE',
      url: 'https://www.youtube.com/watch?v=M7lc1UVf-VE',
    },
  ],
};

export const tamil: Article = {
  ...base,
  id: '0tam000000000005',
  sourceId: '5',
  url: 'https://news.example/news/0tam000000000005/x',
  language: 'ta',
  headline: 'மலைக் கிராமத்துக்கு முதல் பேருந்து: பூத்தூவி வரவேற்ற மக்கள்',
  summary: 'பன்னிரண்டு கிலோமீட்டர் நடந்து சென்ற மாணவர்கள் இனி அரை மணி நேரத்தில் பள்ளியை அடைவார்கள்.',
  section: 'மாநிலம்',
  tags: ['போக்குவரத்து'],
  image: { url: 'https://images.example/bus.jpg', width: 900, height: 1200, alt: 'மலைப் பாதையில் பேருந்து' },
  body: [
    paragraph(
      'மலைச்சரிவில் உள்ள சிறிய கிராமத்துக்குத் திங்கள்கிழமை காலை முதல் பேருந்து வந்து சேர்ந்தது. ஊர் மக்கள் பூத்தூவி வரவேற்றனர்.',
    ),
    paragraph('நாளொன்றுக்கு நான்கு முறை பேருந்து இயங்கும்.'),
  ],
  publishedAt: '2026-11-19T03:00:00.000Z',
  updatedAt: '2026-11-19T03:00:00.000Z',
  wordCount: 60,
  readingMinutes: 1,
};

export const bengali: Article = {
  ...base,
  id: '0ben000000000006',
  sourceId: '6',
  url: 'https://news.example/news/0ben000000000006/x',
  language: 'bn',
  headline: 'শীতের মেলায় ফিরল মাটির পুতুল, ভিড় সামলাতে বাড়তি নৌকা',
  section: 'জেলা',
  tags: ['মেলা'],
  body: [
    paragraph(
      'নদীর চরে বসা শীতের মেলায় এ বছর সবচেয়ে বেশি ভিড় মাটির পুতুলের দোকানে। কারিগরেরা বলছেন, এমন বিক্রি বহু বছর দেখেননি।',
    ),
  ],
  publishedAt: '2026-11-18T11:45:00.000Z',
  updatedAt: '2026-11-18T11:45:00.000Z',
  wordCount: 40,
  readingMinutes: 1,
};

const marathi: Article = {
  ...base,
  id: '0mar000000000007',
  sourceId: '7',
  url: 'https://news.example/news/0mar000000000007/x',
  language: 'mr',
  headline: 'पावसाळ्यानंतर गडावर लोटली गर्दी; स्वयंसेवकांनी उचलला तीन टन कचरा',
  summary: 'दर रविवारी सकाळी दोन तास, असा उपक्रमाचा नियम.',
  section: 'महाराष्ट्र',
  tags: ['गड', 'पर्यावरण'],
  body: [paragraph('गडाच्या पायथ्याशी रविवारी सकाळी दोनशे जण जमले आणि दुपारपर्यंत वाटा स्वच्छ झाल्या.')],
  publishedAt: '2026-11-17T06:00:00.000Z',
  updatedAt: '2026-11-17T06:00:00.000Z',
  wordCount: 35,
  readingMinutes: 1,
};

export const articles: readonly Article[] = [hindi, english, urdu, urduVideo, tamil, bengali, marathi];
