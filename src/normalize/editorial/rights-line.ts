import { toNfc } from '../../text/text.ts';

// "Copyright" and "all rights reserved", as the pages of each language write them.
const CLAIM = [
  '©|\\(c\\)|copyright|कॉपीराइट|कॉपीराईट|प्रतिलिपि ?अधिकार|کاپی ?رائٹ|حقوق النشر|কপিরাইট|গ্রন্থস্বত্ব|স্বত্ব|কপিৰাইট',
  'பதிப்புரிமை|காப்புரிமை|કૉપિરાઇટ|કોપીરાઇટ|ਕਾਪੀਰਾਈਟ|କପିରାଇଟ|కాపీరైట్|ಕೃತಿಸ್ವಾಮ್ಯ|ಹಕ್ಕುಸ್ವಾಮ್ಯ|പകർപ്പവകാശം|hak cipta',
].join('|');
const RESERVED = [
  'all rights reserved|सर्वाधिकार सुरक्षित|सर्व हक्क राखीव|جملہ حقوق|تمام حقوق|جميع الحقوق محفوظة|সর্বস্বত্ব|সকল স্বত্ব',
  'அனைத்து உரிமைகளும்|સર્વાધિકાર|ਸਾਰੇ ਹੱਕ|ସର୍ବସ୍ୱତ୍ୱ|అన్ని హక్కులు|ಎಲ್ಲ ಹಕ್ಕು|എല്ലാ അവകാശങ്ങളും',
  'todos los derechos|tous droits|alle rechte|todos os direitos|hak cipta dilindungi|tutti i diritti|tüm hakları saklıdır|все права защищены',
  '版权所有|版權所有|保留所有权利|無断転載|禁無断|무단 ?전재|สงวนลิขสิทธิ์|ขอสงวนสิทธิ์',
].join('|');

const LINE = new RegExp(
  `^\\P{L}{0,8}(?:copyright\\s*(?:©|\\(c\\))|©\\s*copyright|(?:${CLAIM})[^.।۔]{0,40}\\p{Nd}{4}|(?:${RESERVED}))`,
  'iu',
);
const HOLDS = new RegExp(`(?:${CLAIM})|\\p{Nd}{4}`, 'iu');
const MAX_LINE_LENGTH = 300;

/**
 * Whether a line is the claim at the foot of a page: `© 2026 …`, `All rights reserved`. A sentence about copyright
 * has no year right behind the word.
 */
export function isRightsLine(text: string): boolean {
  const line = toNfc(text);
  return (
    line.length <= MAX_LINE_LENGTH &&
    (LINE.test(line) || (HOLDS.test(line) && new RegExp(RESERVED, 'iu').test(line)))
  );
}
