import { describe, expect, test } from 'vitest';
import {
  canonicalLanguage,
  languageDirection,
  primaryLanguage,
  sameScript,
} from '../../src/locales/language-tag.ts';
import { guessLanguage } from '../../src/text/language.ts';

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
