import { describe, expect, test } from 'vitest';
import { normalize } from '../../../src/normalize/normalize.ts';
import { draft, outline, read } from '../drafts.ts';

const lines = (...parts: string[]) => parts.join('\n');

const PAGES = {
  'English, every line apart': {
    page: lines(
      'Home > Cities > Port',
      'River port reopens after two years of dredging work',
      'Advertisement',
      '',
      'River port reopens after two years of dredging work',
      '',
      'Barges can reach the upper docks again, and fishermen hope for a better season.',
      '',
      'By Our Correspondent',
      'Updated: 22 November 2026, 10:30 IST',
      '',
      'A barge at the upper docks. (File photo)',
      '',
      'KALIGHAT: The river port reopened on Saturday after two years in which no vessel could pass the sandbank below the bridge. Dr. Rao of the port office said the channel is now six metres deep.',
      '',
      'What changes for fishermen',
      'Small boats may land at the old steps again from Monday. The fee has been halved for the first month.',
      '',
      'Also Read: Bridge repairs to close one lane until spring',
      '',
      'The port office will publish a timetable for barges next week.',
      '(With inputs from PTI)',
      '',
      'Follow us on WhatsApp for more stories',
      'Trending Now',
      'Ten places to see this winter',
    ),
    language: 'en',
    headline: 'River port reopens after two years of dredging work',
    summary: 'Barges can reach the upper docks again, and fishermen hope for a better season.',
    caption: 'A barge at the upper docks. (File photo)',
    dateline: 'KALIGHAT',
    body: [
      'p The river port reopened on Saturday after two years in which no vessel could pass the sandbank below the bridge. Dr. Rao of the port office said the channel is now six metres deep.',
      'h2 What changes for fishermen',
      'p Small boats may land at the old steps again from Monday. The fee has been halved for the first month.',
      'p The port office will publish a timetable for barges next week.',
    ],
    related: ['Bridge repairs to close one lane until spring'],
    credit: 'With inputs from PTI',
  },
  Urdu: {
    page: lines(
      'دریا کی بندرگاہ دو سال بعد دوبارہ کھل گئی',
      'اشتہار',
      '',
      'دریا کی بندرگاہ دو سال بعد دوبارہ کھل گئی',
      '',
      'اب کشتیاں بالائی گھاٹ تک پہنچ سکیں گی۔',
      '',
      'فائل فوٹو',
      '',
      'کراچی: دریا کی بندرگاہ ہفتے کے روز دو سال کے وقفے کے بعد دوبارہ کھول دی گئی ہے۔ حکام کے مطابق راستہ اب چھ میٹر گہرا ہے۔',
      '',
      'ماہی گیروں کے لیے کیا بدلے گا',
      'چھوٹی کشتیاں پیر سے پرانی سیڑھیوں پر لنگر ڈال سکیں گی اور پہلے مہینے کی فیس آدھی کر دی گئی ہے۔',
      '',
      'یہ بھی پڑھیں: پل کی مرمت کے لیے ایک لین بند رہے گی',
      '',
      'لائیو ٹی وی',
      '',
      'تازہ ترین خبریں',
    ),
    language: 'ur',
    headline: 'دریا کی بندرگاہ دو سال بعد دوبارہ کھل گئی',
    summary: 'اب کشتیاں بالائی گھاٹ تک پہنچ سکیں گی۔',
    caption: 'فائل فوٹو',
    dateline: 'کراچی',
    body: [
      'p دریا کی بندرگاہ ہفتے کے روز دو سال کے وقفے کے بعد دوبارہ کھول دی گئی ہے۔ حکام کے مطابق راستہ اب چھ میٹر گہرا ہے۔',
      'h2 ماہی گیروں کے لیے کیا بدلے گا',
      'p چھوٹی کشتیاں پیر سے پرانی سیڑھیوں پر لنگر ڈال سکیں گی اور پہلے مہینے کی فیس آدھی کر دی گئی ہے۔',
    ],
    related: ['پل کی مرمت کے لیے ایک لین بند رہے گی'],
    credit: undefined,
  },
  Tamil: {
    page: lines(
      'ஆற்றுத் துறைமுகம் இரண்டு ஆண்டுகளுக்குப் பின் மீண்டும் திறப்பு',
      'விளம்பரம்',
      '',
      'ஆற்றுத் துறைமுகம் இரண்டு ஆண்டுகளுக்குப் பின் மீண்டும் திறப்பு',
      '',
      'மேல் படித்துறை வரை படகுகள் இனி செல்ல முடியும்.',
      '',
      'கோப்புப் படம்',
      '',
      'மதுரை: இரண்டு ஆண்டுகளாக மூடப்பட்டிருந்த ஆற்றுத் துறைமுகம் சனிக்கிழமை மீண்டும் திறக்கப்பட்டது. வழித்தடம் இப்போது ஆறு மீட்டர் ஆழம் கொண்டது என்று அதிகாரிகள் தெரிவித்தனர்.',
      '',
      'மீனவர்களுக்கு என்ன மாற்றம்',
      'சிறிய படகுகள் திங்கட்கிழமை முதல் பழைய படிகளில் கரை சேரலாம், முதல் மாதக் கட்டணம் பாதியாகக் குறைக்கப்பட்டுள்ளது என்று அறிவிக்கப்பட்டது.',
      '',
      'இதையும் படிக்க: பாலம் பழுதுபார்ப்பு காரணமாக ஒரு வழி மூடல்',
      '',
      'தொடர்புடைய செய்திகள்',
    ),
    language: 'ta',
    headline: 'ஆற்றுத் துறைமுகம் இரண்டு ஆண்டுகளுக்குப் பின் மீண்டும் திறப்பு',
    summary: 'மேல் படித்துறை வரை படகுகள் இனி செல்ல முடியும்.',
    caption: 'கோப்புப் படம்',
    dateline: 'மதுரை',
    body: [
      'p இரண்டு ஆண்டுகளாக மூடப்பட்டிருந்த ஆற்றுத் துறைமுகம் சனிக்கிழமை மீண்டும் திறக்கப்பட்டது. வழித்தடம் இப்போது ஆறு மீட்டர் ஆழம் கொண்டது என்று அதிகாரிகள் தெரிவித்தனர்.',
      'h2 மீனவர்களுக்கு என்ன மாற்றம்',
      'p சிறிய படகுகள் திங்கட்கிழமை முதல் பழைய படிகளில் கரை சேரலாம், முதல் மாதக் கட்டணம் பாதியாகக் குறைக்கப்பட்டுள்ளது என்று அறிவிக்கப்பட்டது.',
    ],
    related: ['பாலம் பழுதுபார்ப்பு காரணமாக ஒரு வழி மூடல்'],
    credit: undefined,
  },
  Bengali: {
    page: lines(
      'দুই বছর পর ফের খুলল নদীবন্দর',
      'বিজ্ঞাপন',
      '',
      'দুই বছর পর ফের খুলল নদীবন্দর',
      '',
      'উপরের ঘাট পর্যন্ত এ বার নৌকা যেতে পারবে।',
      '',
      'ফাইল ছবি',
      '',
      'শিলিগুড়ি: দুই বছর বন্ধ থাকার পর শনিবার নদীবন্দরটি ফের খুলে দেওয়া হয়েছে। আধিকারিকেরা জানিয়েছেন, নদীপথ এখন ছয় মিটার গভীর।',
      '',
      'মৎস্যজীবীদের কী বদলাবে',
      'সোমবার থেকে ছোট নৌকা পুরনো ঘাটে ভিড়তে পারবে এবং প্রথম মাসের জন্য মাশুল অর্ধেক করা হয়েছে বলে বন্দর দফতর জানিয়েছে।',
      '',
      'আরও পড়ুন: সেতু মেরামতির জন্য একটি লেন বন্ধ',
      '',
      'লাইভ টিভি',
      'সর্বশেষ খবর',
    ),
    language: 'bn',
    headline: 'দুই বছর পর ফের খুলল নদীবন্দর',
    summary: 'উপরের ঘাট পর্যন্ত এ বার নৌকা যেতে পারবে।',
    caption: 'ফাইল ছবি',
    dateline: 'শিলিগুড়ি',
    body: [
      'p দুই বছর বন্ধ থাকার পর শনিবার নদীবন্দরটি ফের খুলে দেওয়া হয়েছে। আধিকারিকেরা জানিয়েছেন, নদীপথ এখন ছয় মিটার গভীর।',
      'h2 মৎস্যজীবীদের কী বদলাবে',
      'p সোমবার থেকে ছোট নৌকা পুরনো ঘাটে ভিড়তে পারবে এবং প্রথম মাসের জন্য মাশুল অর্ধেক করা হয়েছে বলে বন্দর দফতর জানিয়েছে।',
    ],
    related: ['সেতু মেরামতির জন্য একটি লেন বন্ধ'],
    credit: undefined,
  },
  Marathi: {
    page: lines(
      'दोन वर्षांनंतर नदी बंदर पुन्हा सुरू',
      'जाहिरात',
      '',
      'दोन वर्षांनंतर नदी बंदर पुन्हा सुरू',
      '',
      'वरच्या घाटापर्यंत आता होड्या जाऊ शकतील.',
      '',
      'संग्रहित छायाचित्र',
      '',
      'कोल्हापूर: दोन वर्षे बंद असलेले नदी बंदर शनिवारी पुन्हा सुरू करण्यात आले आहे. जलमार्ग आता सहा मीटर खोल आहे, असे अधिकाऱ्यांनी सांगितले.',
      '',
      'मच्छीमारांसाठी काय बदलणार',
      'लहान होड्या सोमवारपासून जुन्या पायऱ्यांवर लागू शकतील आणि पहिल्या महिन्यासाठी शुल्क निम्मे करण्यात आले आहे.',
      '',
      'हेही वाचा - पुलाच्या दुरुस्तीसाठी एक मार्गिका बंद',
      '',
      'ताज्या बातम्या',
    ),
    language: 'mr',
    headline: 'दोन वर्षांनंतर नदी बंदर पुन्हा सुरू',
    summary: 'वरच्या घाटापर्यंत आता होड्या जाऊ शकतील.',
    caption: 'संग्रहित छायाचित्र',
    dateline: 'कोल्हापूर',
    body: [
      'p दोन वर्षे बंद असलेले नदी बंदर शनिवारी पुन्हा सुरू करण्यात आले आहे. जलमार्ग आता सहा मीटर खोल आहे, असे अधिकाऱ्यांनी सांगितले.',
      'h2 मच्छीमारांसाठी काय बदलणार',
      'p लहान होड्या सोमवारपासून जुन्या पायऱ्यांवर लागू शकतील आणि पहिल्या महिन्यासाठी शुल्क निम्मे करण्यात आले आहे.',
    ],
    related: ['पुलाच्या दुरुस्तीसाठी एक मार्गिका बंद'],
    credit: undefined,
  },
};

describe('a page’s plain text, boilerplate and all', () => {
  for (const [name, { page, caption, related, body, ...fields }] of Object.entries(PAGES)) {
    test(name, async () => {
      const article = await read(draft('page', page));
      expect(article).toMatchObject(JSON.parse(JSON.stringify(fields)));
      expect(article.credit).toBe(fields.credit);
      expect(article.direction).toBe(fields.language === 'ur' ? 'rtl' : 'ltr');
      expect(article.image).toEqual({ caption });
      expect(outline(article.body)).toEqual(body);
      expect(article.related).toEqual(related.map((title) => ({ title })));
    });
  }

  test('the byline is the author', async () => {
    expect((await read(draft('page', PAGES['English, every line apart'].page))).authors).toEqual([
      { name: 'Our Correspondent' },
    ]);
  });
});

describe('what a page’s text does not have is not made up', () => {
  const first =
    'The council met on Friday and agreed to plant two hundred trees along the canal before the rains.';
  const second = 'Work begins in March at the eastern lock, where the path is widest and the soil is deep.';

  test('a short first paragraph is no summary without a sign', async () => {
    const article = await read(draft('page', lines('Council plants trees', '', first, '', second)));
    expect(article.summary).toBeUndefined();
    expect(outline(article.body)).toEqual([`p ${first}`, `p ${second}`]);
  });

  test('nor with an advertisement behind it, which may stand anywhere', async () => {
    const article = await read(
      draft('page', lines('Council plants trees', '', first, '', 'Advertisement', '', second)),
    );
    expect(article.summary).toBeUndefined();
  });

  test('a line without a full stop at the end of the text is no heading', async () => {
    const article = await read(draft('page', lines('Council plants trees', '', first, '', 'The end')));
    expect(outline(article.body)).toEqual([`p ${first}`, 'p The end']);
  });

  test('a paragraph wrapped at some width is one paragraph, not a heading and a paragraph', async () => {
    const middle = first.indexOf(' to plant');
    const [one, two] = [first.slice(0, middle), first.slice(middle + 1)];
    const article = await read(draft('page', lines('Council plants trees', '', one, two, '', second)));
    expect(outline(article.body)).toEqual([`p ${first}`, `p ${second}`]);
  });

  test('lists typed with dashes or numbers are lists', async () => {
    const text = lines(
      'Council plants trees',
      '',
      first,
      '',
      '- A path along the canal',
      '- Two hundred trees',
      '',
      second,
      '',
      '1. Dig',
      '2. Plant',
      '',
      first.replace('Friday', 'Monday'),
    );
    const article = await read(draft('page', text));
    expect(article.body.map(({ type }) => type)).toEqual([
      'paragraph',
      'list',
      'paragraph',
      'list',
      'paragraph',
    ]);
    expect(article.body[1]).toMatchObject({ ordered: false });
    expect(article.body[3]).toMatchObject({ ordered: true });
  });

  test('a label in front of more of the story ends nothing', async () => {
    const article = await read(
      draft('page', lines('Council plants trees', '', first, '', 'Trending Now', '', second)),
    );
    expect(outline(article.body)).toEqual([`p ${first}`, `p ${second}`]);
  });

  test('the publisher’s own fields go first', async () => {
    const fields = {
      headline: 'Given',
      summary: 'Given summary.',
      language: 'en-GB',
      credit: 'Given credit',
    };
    const article = await read(draft('page', PAGES['English, every line apart'].page, fields));
    expect(article).toMatchObject(fields);
  });

  test('no headline, no article', async () => {
    const story = `${first} ${second} ${first} ${second} ${first} ${second} ${first}`;
    expect(await normalize(draft('page', story), { id: 'p', name: 'P' })).toEqual({
      issues: [{ path: 'headline', message: 'is required: the page has no headline either' }],
    });
    expect(await normalize(draft('page', 'Only a headline'), { id: 'p', name: 'P' })).toMatchObject({
      issues: [{ path: 'body.content' }],
    });
  });
});
