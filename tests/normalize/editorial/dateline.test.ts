import { describe, expect, test } from 'vitest';
import { datelineOf } from '../../../src/normalize/editorial/dateline.ts';
import { Lexicon } from '../../../src/text/lexicon.ts';
import { draft, outline, read } from '../drafts.ts';

const AFTER: Readonly<Record<string, string>> = {
  hi: 'नगर निगम ने शनिवार को पुराने घाट की सफाई का काम फिर से शुरू कर दिया है.',
  mr: 'नगरपालिकेने शनिवारी जुन्या घाटाच्या साफसफाईचे काम पुन्हा सुरू केले आहे असे सांगण्यात आले.',
  en: 'The council has started to clean the old steps by the river again this week.',
  ur: 'بلدیہ نے ہفتے کے روز پرانے گھاٹ کی صفائی کا کام دوبارہ شروع کر دیا ہے۔',
  bn: 'পুরসভা শনিবার পুরনো ঘাট পরিষ্কারের কাজ ফের শুরু করেছে বলে আধিকারিকেরা জানিয়েছেন।',
  ta: 'நகராட்சி சனிக்கிழமை பழைய படித்துறையைச் சுத்தம் செய்யும் பணியை மீண்டும் தொடங்கியது என அதிகாரிகள் கூறினர்.',
  es: 'El ayuntamiento empezó el sábado a limpiar los viejos escalones del río, según informaron los técnicos.',
  fr: 'La commune a commencé samedi à nettoyer les vieilles marches au bord de la rivière, selon les techniciens.',
  de: 'Die Gemeinde hat am Samstag begonnen, die alten Stufen am Fluss zu säubern, teilten die Behörden mit.',
  id: 'Pemerintah kota mulai membersihkan tangga tua di tepi sungai pada hari Sabtu, kata para petugas.',
  ar: 'بدأت البلدية يوم السبت تنظيف الدرج القديم على ضفة النهر بحسب ما قاله المسؤولون في المدينة.',
  ml: 'പുഴയോരത്തെ പഴയ പടവുകൾ വൃത്തിയാക്കുന്ന ജോലി നഗരസഭ ശനിയാഴ്ച വീണ്ടും തുടങ്ങിയെന്ന് അധികൃതർ അറിയിച്ചു.',
  ne: 'नगरपालिकाले शनिबार पुरानो घाट सफा गर्ने काम फेरि सुरु गरेको अधिकारीहरूले जानकारी दिएका छन् ।',
  or: 'ପୌର ପରିଷଦ ଶନିବାର ପୁରୁଣା ଘାଟ ସଫା କରିବା କାମ ପୁଣି ଆରମ୍ଭ କରିଛି ବୋଲି ଅଧିକାରୀମାନେ କହିଛନ୍ତି।',
  kn: 'ನಗರಸಭೆ ಶನಿವಾರ ನದಿ ತೀರದ ಹಳೆಯ ಮೆಟ್ಟಿಲುಗಳನ್ನು ಸ್ವಚ್ಛಗೊಳಿಸುವ ಕೆಲಸವನ್ನು ಮತ್ತೆ ಆರಂಭಿಸಿದೆ ಎಂದು ಅಧಿಕಾರಿಗಳು ಹೇಳಿದರು.',
};

function find(language: string, line: string, others: string[] = []) {
  const paragraph = line + AFTER[language];
  const found = datelineOf(paragraph, new Lexicon(language), others);
  if (found !== undefined) expect(paragraph.slice(found.length)).toBe(AFTER[language]);
  return found;
}

describe('place lines', () => {
  test.each([
    ['hi', 'नई दिल्ली: ', 'नई दिल्ली', undefined],
    ['hi', 'हरिद्वार:- ', 'हरिद्वार', undefined],
    ['hi', 'सिमरिया: ', 'सिमरिया', undefined],
    ['hi', 'नई दिल्ली, 22 नवंबर (भाषा) ', 'नई दिल्ली, 22 नवंबर (भाषा)', 'भाषा'],
    ['hi', 'सिमरिया, २२ नवंबर (पीटीआई-भाषा): ', 'सिमरिया, २२ नवंबर (पीटीआई-भाषा)', 'पीटीआई-भाषा'],
    ['hi', 'लखनऊ, एजेंसी: ', 'लखनऊ, एजेंसी', 'एजेंसी'],
    ['hi', 'पटना (वार्ता) ', 'पटना (वार्ता)', 'वार्ता'],
    ['hi', 'नई दिल्ली। ', 'नई दिल्ली', undefined],
    ['hi', 'सिमरिया, 22 नवंबर। ', 'सिमरिया, 22 नवंबर', undefined],
    ['hi', 'लखनऊ (भाषा)। ', 'लखनऊ (भाषा)', 'भाषा'],
    ['ur', 'کراچی۔ ', 'کراچی', undefined],
    ['mr', 'कोल्हापूर : ', 'कोल्हापूर', undefined],
    ['en', 'MUMBAI (Reuters) - ', 'MUMBAI (Reuters)', 'Reuters'],
    ['en', 'KARACHI — ', 'KARACHI', undefined],
    ['en', 'KARACHI: ', 'KARACHI', undefined],
    ['en', 'New Delhi: ', 'New Delhi', undefined],
    ['en', 'New Delhi, Nov 22 (PTI) ', 'New Delhi, Nov 22 (PTI)', 'PTI'],
    ['en', 'SILVERTON, Ohio — ', 'SILVERTON, Ohio', undefined],
    ['ur', 'کراچی: ', 'کراچی', undefined],
    ['ur', 'نئی دہلی، 22 نومبر (یو این آئی) ', 'نئی دہلی، 22 نومبر (یو این آئی)', 'یو این آئی'],
    ['bn', 'শিলিগুড়ি: ', 'শিলিগুড়ি', undefined],
    ['ta', 'மதுரை: ', 'மதுரை', undefined],
    ['es', 'Madrid, 22 nov (EFE).- ', 'Madrid, 22 nov (EFE)', 'EFE'],
    ['es', 'MADRID 22 Nov. (EUROPA PRESS) - ', 'MADRID 22 Nov. (EUROPA PRESS)', 'EUROPA PRESS'],
    ['es', 'A Coruña, 22 nov (EFE).- ', 'A Coruña, 22 nov (EFE)', 'EFE'],
    ['fr', 'Saint-Denis (AFP) – ', 'Saint-Denis (AFP)', 'AFP'],
    ['de', 'St. Pölten (APA) – ', 'St. Pölten (APA)', 'APA'],
    ['de', 'Berlin (dpa und Reuters) - ', 'Berlin (dpa und Reuters)', 'dpa und Reuters'],
    ['id', 'Liputan6.com, Jakarta - ', 'Liputan6.com, Jakarta', 'Liputan6.com'],
    ['id', 'TEMPO.CO, Jakarta - ', 'TEMPO.CO, Jakarta', 'TEMPO.CO'],
    ['ar', 'دبي 22 نوفمبر (رويترز) - ', 'دبي 22 نوفمبر (رويترز)', 'رويترز'],
    ['ar', 'القاهرة ـ ', 'القاهرة', undefined],
    ['ar', 'غزة / الأناضول: ', 'غزة / الأناضول', 'الأناضول'],
    ['ml', 'കൊച്ചി ∙ ', 'കൊച്ചി', undefined],
    ['ne', 'काठमाडौं । ', 'काठमाडौं', undefined],
    ['or', 'କଟକ, ୨୨/୧୧: ', 'କଟକ, ୨୨/୧୧', undefined],
    ['kn', 'ಬೆಂಗಳೂರು, ಮಾ.04: ', 'ಬೆಂಗಳೂರು, ಮಾ.04', undefined],
    ['bn', 'কলকাতাঃ ', 'কলকাতা', undefined],
  ])('%s %s', (language, line, text, agency) => {
    const found = find(language, line);
    expect(found?.text).toBe(text);
    expect(found?.agency).toBe(agency);
  });

  test.each([
    ['hi', 'प्रधानमंत्री ने कहा: '],
    ['hi', 'सवाल: '],
    ['hi', 'नोट: '],
    ['hi', 'सच। '],
    ['hi', 'सिमरिया। '],
    ['hi', 'बैठक में तीन फैसले हुए: '],
    ['en', 'Verdict: '],
    ['en', 'The minister said: '],
    ['en', 'Updated at 10:30: '],
    ['en', 'BREAKING: '],
    ['en', 'There are three reasons: '],
    ['en', 'The old steps - '],
    ['en', '“Never again”: '],
    ['ur', 'وزیر نے کہا: '],
    ['bn', 'প্রশ্ন: '],
    ['mr', 'ते म्हणाले: '],
    ['ta', 'கேள்வி: '],
    ['hi', 'प्रातः '],
    ['hi', 'रामपुर बाजार समिति: '],
    ['es', 'Madrid 22 personas (según EFE) - '],
    ['de', 'Bild-Zeitung: '],
    ['id', 'Ketua panitia, Jakarta - '],
    ['ar', 'المدينة / القرية: '],
    ['ne', 'हो । '],
  ])('%s %s is none', (language, line) => {
    expect(find(language, line)).toBeUndefined();
  });

  test('speakers in an interview are no places', () => {
    expect(find('hi', 'राहुल सेन: ', ['पत्रकार: आगे की योजना क्या है?'])).toBeUndefined();
  });

  test('a place alone, without a paragraph behind it, stays', () => {
    expect(datelineOf('हरिद्वार:', new Lexicon('hi'))).toBeUndefined();
  });
});

describe('in an article', () => {
  test('it goes to its field, also out of a bold beginning, and its agency to the credit', async () => {
    const html = `<p><strong>नई दिल्ली, 22 नवंबर (भाषा):</strong> ${AFTER.hi}</p>`;
    const article = await read(draft('html', html));
    expect(article).toMatchObject({ dateline: 'नई दिल्ली, 22 नवंबर (भाषा)', credit: 'भाषा' });
    expect(article.body).toEqual([{ type: 'paragraph', content: [{ type: 'text', text: AFTER.hi }] }]);
    expect(article.warned).toEqual(['dateline-lifted: नई दिल्ली, 22 नवंबर (भाषा):']);
  });

  test('it may be a paragraph of its own, when agency and place are all it holds', async () => {
    const article = await read(draft('html', `<p>غزة / الأناضول</p><p>${AFTER.ar}</p>`));
    expect(article).toMatchObject({ dateline: 'غزة / الأناضول', credit: 'الأناضول' });
    expect(outline(article.body)).toEqual([`p ${AFTER.ar}`]);
  });

  test('in front of a quotation stands who says it', () => {
    const lexicon = new Lexicon('hi');
    expect(datelineOf(`सिमरिया: “${AFTER.hi}”`, lexicon)).toBeUndefined();
    expect(datelineOf(`लखनऊ: “${AFTER.hi}”`, lexicon)?.text).toBe('लखनऊ');
  });

  test('only the first paragraph has one', async () => {
    const article = await read(draft('text', `${AFTER.hi}\n\nहरिद्वार: ${AFTER.hi}`));
    expect(article.dateline).toBeUndefined();
    expect(article.body).toHaveLength(2);
  });

  test('the publisher’s own is kept, and the same one in the text is not said twice', async () => {
    const text = `हरिद्वार: ${AFTER.hi}`;
    const same = await read(draft('text', text, { dateline: 'हरिद्वार' }));
    expect(outline(same.body)).toEqual([`p ${AFTER.hi}`]);
    const other = await read(draft('text', text, { dateline: 'ऋषिकेश' }));
    expect(other.dateline).toBe('ऋषिकेश');
    expect(outline(other.body)).toEqual([`p ${text}`]);
  });
});
