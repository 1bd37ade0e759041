import { toNfc } from '../../text/text.ts';

// Where newsrooms ask to be followed: letters, channels and applications, as pages of each language name them.
const CHANNEL = [
  'newsletter|whats ?app|telegram|google news|facebook|twitter|instagram|youtube|linkedin|(?:our|the) app\\b|e-?mail|inbox',
  'न्यूज ?लेटर|न्यूज़लेटर|न्युजलेटर|व्हाट्सएप|व्हाट्सऐप|वॉट्सऐप|व्हॉट्सअ?ॅप|टेलीग्राम|टेलिग्राम|फेसबुक|ट्विटर|यूट्यूब|गूगल न्यूज|चैनल',
  'নিউজলেটার|হোয়াটস ?অ্যাপ|টেলিগ্রাম|ফেসবুক|ফেচবুক|ইউটিউব|ই-?মেলে|ਨਿਊਜ਼ ?ਲੈਟਰ|ਵਟਸਐਪ|ਫੇਸਬੁੱਕ|ન્યૂઝ ?લેટર|વોટ્સએપ|ફેસબુક',
  'ଫେସବୁକ|ହ୍ୱାଟ୍ସଆପ|ନ୍ୟୁଜଲେଟର|வாட்ஸ்?அப்|செய்திமடல|பேஸ்புக்|டெலிகிராம்|వాట్సాప్|వార్తాలేఖ|టెలిగ్రామ్|ఫేస్‌?బుక్|ವಾಟ್ಸ್?ಆ?ಾ?ಪ್|ಸುದ್ದಿಪತ್ರ|ಫೇಸ್‌?ಬುಕ್',
  'വാട്സ്?ആ?ാ?പ്|വാർത്താക്കുറിപ്പ്|ഫെയ്സ്ബുക്|نیوز ?لیٹر|واٹس ?ایپ|فیس ?بک|ٹیلی ?گرام|واتساب|تلغرام|تيليغرام|نشرت|فيسبوك|تويتر',
  'bolet[ií]n|infolettre|buletin|correo|рассылк|телеграм|канал|微信|公众号|简报|ライン|LINE|メール|카카오톡|뉴스레터|채널|ไลน์|จดหมายข่าว|bülten|kanalımız',
].join('|');
// … and how: only in the form that asks.
const ASK = [
  '(?:follow|join|like) (?:us|our)|sign up|subscribe (?:to|now|here)|get (?:our|the latest)|download (?:our|the)',
  'फॉलो करें|फालो करें|फ़ॉलो करें|जुड़ें|जुड़े रहें|सब्सक्राइब करें|डाउनलोड करें|क्लिक करें|फॉलो करा|सामील व्हा|नोंदणी करा|फलो गर्नुहोस्|दर्ता गर्नुहोस्',
  'ফলো করুন|সাবস্ক্রাইব করুন|যোগ দিন|ফলো কৰক|চাবস্ক্ৰাইব কৰক|ਫਾਲੋ ਕਰੋ|ਸਬਸਕ੍ਰਾਈਬ ਕਰੋ|ਜੁੜੋ|ફોલો કરો|સબસ્ક્રાઇબ કરો|જોડાઓ|ଫଲୋ କରନ୍ତୁ|ସବସ୍କ୍ରାଇବ କରନ୍ତୁ',
  'பின்தொடர|பதிவு செய்யுங்கள்|இணையுங்கள்|ఫాలో అవ్వండి|ఫాలో అవండి|నమోదు చేసుకోండి|చేరండి|ಫಾಲೋ ಮಾಡಿ|ನೋಂದಾಯಿಸಿ|ಸೇರಿ|ഫോളോ ചെയ്യ|രജിസ്റ്റർ ചെയ്യ|ജോയിൻ ചെയ്യ',
  'فالو کریں|سبسکرائب کریں|جوائن کریں|تابعونا|تابعنا|اشترك|انضم',
  's[ií]guenos|suscr[ií]b|recibe|[úu]nete|suivez-nous|inscrivez-vous|recevez|abonnez-vous|folgen sie uns|jetzt anmelden|abonnieren sie',
  'siga-nos|siga o|receba|assine|inscreva-se|ikuti kami|ikuti kanal|daftar sekarang|berlangganan|подписывайтесь|подпишитесь',
  '关注我们|订阅|フォロー|登録|추가하고|구독|ติดตามเรา|สมัคร|seguici|iscriviti|ricevi|takip edin|abone olun',
].join('|');

const CHANNELS = new RegExp(CHANNEL.normalize('NFC'), 'iu');
const ASKS = new RegExp(ASK.normalize('NFC'), 'iu');
const MAX_LINE_LENGTH = 240;

/** Whether a line of a page asks its reader to follow, join or subscribe somewhere; one that tells of it does not. */
export function isFollowLine(text: string): boolean {
  if (text.length > MAX_LINE_LENGTH) return false;
  const line = toNfc(text);
  return ASKS.test(line) && CHANNELS.test(line);
}
