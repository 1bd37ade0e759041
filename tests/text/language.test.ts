import { describe, expect, test } from 'vitest';
import reported from '../../bench/language/reported.json' with { type: 'json' };
import tuning from '../../bench/language/tuning.json' with { type: 'json' };
import {
  canonicalLanguage,
  languageDirection,
  primaryLanguage,
  sameScript,
} from '../../src/locales/language-tag.ts';
import { guessLanguage, scriptOfText } from '../../src/text/language.ts';

describe('the language a text is likely in', () => {
  test.each([
    ['The port reopened on Saturday.', 'en'],
    ['नदी बंदरगाह शनिवार को खुला और नावें चल रही हैं।', 'hi'],
    ['नदी बंदर शनिवारी सुरू झाले आणि होड्या चालू आहेत.', 'mr'],
    ['नदी बन्दरगाह शनिबार खुलेको छ र डुङ्गा पनि चलेका छन्।', 'ne'],
    ['শনিবার নদীবন্দর খুলেছে।', 'bn'],
    ['নদীবন্দৰ শনিবাৰে খোলা হৈছে।', 'as'],
    ['ਬੰਦਰਗਾਹ ਖੁੱਲ੍ਹ ਗਈ', 'pa'],
    ['બંદર ખૂલ્યું', 'gu'],
    ['ବନ୍ଦର ଖୋଲିଲା', 'or'],
    ['துறைமுகம் திறப்பு', 'ta'],
    ['ఓడరేవు తెరిచారు', 'te'],
    ['ಬಂದರು ತೆರೆಯಿತು', 'kn'],
    ['തുറമുഖം തുറന്നു', 'ml'],
    ['بندرگاہ کھل گئی ہے', 'ur'],
    ['أعيد فتح الميناء', 'ar'],
    ['港は土曜日にひらいた', 'ja'],
    ['Belediye başkanı meydanın pazartesi gününe kadar kapalı kalacağını söyledi', 'tr'],
    ['Порт відкрився у суботу після двох років', 'uk'],
    ['港湾管理局、来週土曜日の再開発計画を発表', 'ja'],
    ['港口重新开放', 'zh'],
    ['नदी पर WhatsApp का नया बंदरगाह खुला', 'hi'],
    ['123 …', 'und'],
    ['', 'und'],
  ])('%s: %s', (text, language) => {
    expect(guessLanguage(text)).toBe(language);
  });
});

test('canonical tags', () => {
  expect(canonicalLanguage('HI-in')).toBe('hi-IN');
  expect(canonicalLanguage('az_arab')).toBe('az-Arab');
  expect(canonicalLanguage('no such tag')).toBeUndefined();
  expect(canonicalLanguage('')).toBeUndefined();
});

test('direction is that of the script', () => {
  for (const language of ['ur', 'ar', 'fa-IR', 'ks', 'sd', 'dv', 'he', 'az-Arab', 'pa-PK']) {
    expect(languageDirection(language), language).toBe('rtl');
  }
  for (const language of ['hi', 'en', 'ks-Deva', 'pa', 'und', 'not a tag']) {
    expect(languageDirection(language), language).toBe('ltr');
  }
});

test('languages that share a script', () => {
  expect(sameScript('hi', 'mr-IN')).toBe(true);
  expect(sameScript('en', 'fr')).toBe(true);
  expect(sameScript('hi', 'en')).toBe(false);
  expect(sameScript('hi', 'not a tag')).toBe(false);
  expect(sameScript('not a tag', 'not a tag')).toBe(false);
});

test('the language without its region', () => {
  expect(primaryLanguage('hi-IN')).toBe('hi');
  expect(primaryLanguage('ur')).toBe('ur');
});

test.each([
  ['ar', 'قال مسؤولون إن الميناء أعيد فتحه يوم السبت بعد عامين من الإغلاق في المدينة'],
  ['ur', 'بندرگاہ ہفتے کو دو سال بعد دوبارہ کھول دی گئی'],
  ['fa', 'این بندر پس از دو سال بسته بودن روز شنبه باز شد و برای قایق‌ها آماده است'],
  ['ps', 'بندر د شنبې په ورځ له دوو کلونو وروسته بېرته پرانیستل شو'],
  ['sd', 'بندرگاهه ڇنڇر جي ڏينهن ٻن سالن کان پوءِ ٻيهر کوليو ويو'],
  ['es', 'El puerto reabrió el sábado después de dos años y los pescadores esperan una temporada mejor'],
  ['fr', 'Le port a rouvert samedi après deux ans de travaux et les pêcheurs attendent une meilleure saison'],
  ['de', 'Der Hafen ist am Samstag nach zwei Jahren wieder geöffnet worden und die Fischer hoffen auf mehr'],
  [
    'pt',
    'O porto foi reaberto no sábado depois de dois anos e os pescadores esperam uma temporada melhor em casa',
  ],
  [
    'id',
    'Pelabuhan itu dibuka kembali pada hari Sabtu setelah dua tahun dan nelayan berharap musim yang lebih baik',
  ],
  ['en', 'The port reopened on Saturday after two years and fishermen hope for a better season'],
  ['en', 'A port of call, a film by a director of the old school, is to be shown in the town hall'],
])('%s is told from the languages it shares its script with: %s', (language, text) => {
  expect(guessLanguage(text)).toBe(language);
});

describe('news in 86 languages', () => {
  const news = [...Object.entries(tuning), ...Object.entries(reported)];
  const paragraphs = news.map(([tag, texts]) => [tag, texts.at(-1) ?? ''] as const);
  const headlines = news.flatMap(([tag, texts]) => texts.slice(0, -1).map((text) => [tag, text] as const));

  /** Two lines in Croatian, Bosnian and Serbian may have every word in common. */
  const ALIKE = new Set(['bs', 'hr', 'sr-Latn']);

  test('is that: texts in as many languages', () => {
    expect(new Set(news.map(([tag]) => tag)).size).toBe(86);
  });

  test.each(paragraphs.filter(([tag]) => !ALIKE.has(tag)))('%s is told by a paragraph', (tag, text) => {
    // Danish may be Norwegian: then nothing is said.
    expect(tag === 'da' ? [tag, 'und'] : [tag]).toContain(guessLanguage(text));
  });

  test.each(paragraphs.filter(([tag]) => ALIKE.has(tag)))(
    '%s is told by a paragraph, or und',
    (tag, text) => {
      expect([tag, 'und']).toContain(guessLanguage(text));
    },
  );

  test('is guessed from a headline nine times out of ten; other guesses are mostly und', () => {
    const guesses = headlines.map(([tag, text]) => [tag, guessLanguage(text)] as const);
    const right = guesses.filter(([tag, guess]) => guess === tag).length;
    const wrong = guesses.filter(([tag, guess]) => guess !== tag && guess !== 'und').length;
    expect(right / guesses.length).toBeGreaterThan(0.9);
    expect(wrong / guesses.length).toBeLessThan(0.03);
  });
});

test.each([
  ['Latn', 'Čeština'],
  ['Deva', 'नदी पर WhatsApp का नया बंदरगाह'],
  ['Arab', 'أعيد فتح الميناء'],
  ['Cyrl', 'Порт'],
  ['Jpan', '港は土曜日にひらいた'],
  ['Hani', '港口重新開放'],
  ['Kore', '항구'],
  ['Geor', 'პორტი'],
  ['Mtei', 'ꯃꯤꯇꯩ'],
  [undefined, '12:30 – 14:00 €'],
])('%s is the script of %s', (script, text) => {
  expect(scriptOfText(text)).toBe(script);
});

describe('a language that has no file', () => {
  test.each([
    ['hy', 'Նավահանգիստը վերաբացվեց'],
    ['ka', 'პორტი კვლავ გაიხსნა'],
    ['dv', 'ދިވެހި'],
    ['sat', 'ᱥᱟᱱᱛᱟᱲᱤ'],
  ])('%s is told by its script', (language, text) => {
    expect(guessLanguage(text)).toBe(language);
  });
});

describe('nothing is said', () => {
  test.each([
    ['of a name', 'Xylq'],
    ['of what two languages write alike', 'Obilne kiše poplavile sela, stotine ljudi napustile domove'],
    ['of a language not known', 'Bonke abantu bazalwa bekhululekile belingana ngesithunzi nangamalungelo'],
  ])('%s', (_, text) => {
    expect(guessLanguage(text)).toBe('und');
  });
});

describe('a text of any length and kind', () => {
  const HINDI = `${'नगर परिषद ने मंगलवार को नया अस्पताल बनाने का फैसला किया है। '.repeat(20)}`;

  test('is judged by its beginning alone', () => {
    expect(guessLanguage(HINDI + 'The council has decided that it was to be. '.repeat(25_000))).toBe('hi');
  });

  test.each([
    ['a million of one letter', 'a'.repeat(1_000_000)],
    ['a million of one mark', '\u0301'.repeat(1_000_000)],
    ['a word with marks and apostrophes without end', "a\u0301'".repeat(300_000)],
    ['scripts that change with every letter', 'aбअعあ한ก'.repeat(150_000)],
    ['halves of surrogate pairs', '\uD83D'.repeat(1_000_000)],
    ['a pair that the sample cuts in two', `${'1'.repeat(799)}😀`],
    ['names of an object’s own', 'constructor __proto__ toString hasOwnProperty '.repeat(1_000)],
  ])('%s gets an answer', (_, text) => {
    expect(guessLanguage(text)).toMatch(/^(und|[a-z]{2,3}(-[A-Z][a-z]{3})?)$/);
  });
});
