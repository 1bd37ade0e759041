import { describe, expect, test } from 'vitest';
import { draft, outline, read } from '../drafts.ts';

/** In each language: what a newsroom there writes, and the words its page puts around it. */
const PAGES: Readonly<Record<string, Record<string, string>>> = {
  hi: {
    headline: 'नहर का पुराना पुल फिर बनेगा',
    advertisement: 'विज्ञापन',
    caption: 'पूर्वी किनारे से दिखता पुराना पुल। फाइल फोटो',
    place: 'पटना',
    first:
      'नगर परिषद ने सोमवार को फैसला किया कि उत्तरी नहर पर बना पुराना पुल सर्दियों से पहले दोबारा बनाया जाएगा। इंजीनियरों ने बताया कि इस काम पर करीब चालीस करोड़ रुपये खर्च होंगे और तीन सौ लोगों को रोजगार मिलेगा।',
    also: 'यह भी पढ़ें',
    other: 'स्कूल की छत की मरम्मत शुरू',
    heading: 'पुल के बाद सड़क',
    second:
      'आसपास के गांवों के लोग कई साल से ऐसी सड़क का इंतजार कर रहे थे जो बारिश में न डूबे। पूर्वी किनारे पर धान उगाने वाले एक किसान ने कहा कि यह वादा तब किया गया था जब उनके बच्चे छोटे थे।',
    third:
      'विपक्ष ने इस्पात की कीमत पर नई रिपोर्ट मांगी और पूछा कि देरी का खर्च कौन उठाएगा। व्यापारियों और स्कूलों के साथ दूसरी बैठक अगले महीने के पहले सप्ताह में होगी।',
    credit: '(भाषा)',
    follow: 'ताजा अपडेट के लिए हमें व्हाट्सएप और गूगल न्यूज पर फॉलो करें',
    tail: 'अन्य खबरें',
    rights: '© 2026 दैनिक नमूना मीडिया। सर्वाधिकार सुरक्षित।',
  },
  as: {
    headline: 'খালৰ পুৰণি দলং আকৌ সজা হ’ব',
    advertisement: 'বিজ্ঞাপন',
    caption: 'পূব পাৰৰ পৰা পুৰণি দলং। ফাইল ফটো',
    place: 'গুৱাহাটী',
    first:
      'নগৰ পৰিষদে সোমবাৰে সিদ্ধান্ত লৈছে যে উত্তৰৰ খালৰ ওপৰৰ পুৰণি দলংখন শীতৰ আগতে পুনৰ নিৰ্মাণ কৰা হ’ব। অভিযন্তাসকলে কৈছে যে এই কামত প্ৰায় চল্লিশ কোটি টকা খৰচ হ’ব আৰু তিনিশ লোকে কাম পাব।',
    also: 'লগতে পঢ়ক',
    other: 'বিদ্যালয়ৰ চাল মেৰামতি আৰম্ভ',
    heading: 'দলঙৰ পাছত পথ',
    second:
      'ওচৰৰ গাঁওবোৰৰ মানুহে বাৰিষাত নুডুবা পথৰ বাবে বহু বছৰ অপেক্ষা কৰি আছিল। পূব পাৰত ধান খেতি কৰা এজন কৃষকে কয় যে ল’ৰা ছোৱালী সৰু থাকোঁতেই এই প্ৰতিশ্ৰুতি দিয়া হৈছিল।',
    third:
      'বিৰোধীয়ে তীখাৰ দামৰ ওপৰত নতুন প্ৰতিবেদন বিচাৰিছে আৰু পলমৰ খৰচ কোনে দিব সুধিছে। ব্যৱসায়ী আৰু বিদ্যালয়সমূহৰ সৈতে দ্বিতীয় বৈঠক অহা মাহৰ প্ৰথম সপ্তাহত হ’ব।',
    credit: '(পিটিআই)',
    follow: 'শেহতীয়া খবৰৰ বাবে আমাক ফেচবুকত ফলো কৰক',
    tail: 'সম্পৰ্কিত বাতৰি',
    rights: '© ২০২৬ দৈনিক নমুনা। সৰ্বস্বত্ব সংৰক্ষিত।',
  },
  ne: {
    headline: 'नहरको पुरानो पुल फेरि बन्ने',
    advertisement: 'विज्ञापन',
    caption: 'पूर्वी किनारबाट देखिएको पुरानो पुल । फाइल तस्बिर',
    place: 'काठमाडौं',
    first:
      'नगर परिषद्ले उत्तरी नहरमाथिको पुरानो पुल जाडो सुरु हुनुअघि नै पुनर्निर्माण गर्ने निर्णय सोमबार गरेको छ । इन्जिनियरहरूका अनुसार यो कामका लागि करिब चालीस करोड रुपैयाँ लाग्नेछ र तीन सय जनाले काम पाउनेछन् ।',
    also: 'यो पनि पढ्नुहोस्',
    other: 'विद्यालयको छाना मर्मत सुरु',
    heading: 'पुलपछि सडक',
    second:
      'वरपरका गाउँका बासिन्दाहरू वर्षामा नडुब्ने सडकको प्रतीक्षामा धेरै वर्षदेखि थिए । पूर्वी किनारमा धान खेती गर्ने एक किसानले भने कि छोराछोरी साना हुँदा यो वाचा गरिएको थियो ।',
    third:
      'प्रतिपक्षले फलामको मूल्यबारे नयाँ प्रतिवेदन मागेको छ र ढिलाइको खर्च कसले तिर्ने भनी सोधेको छ । व्यापारी र विद्यालयहरूसँगको दोस्रो बैठक अर्को महिनाको पहिलो साता बस्नेछ ।',
    credit: '(रासस)',
    follow: 'ताजा समाचारका लागि हामीलाई फेसबुक र ट्विटरमा फलो गर्नुहोस्',
    tail: 'सम्बन्धित समाचार',
    rights: '© २०२६ दैनिक नमुना मिडिया । सर्वाधिकार सुरक्षित ।',
  },
  pa: {
    headline: 'ਨਹਿਰ ਦਾ ਪੁਰਾਣਾ ਪੁਲ ਫਿਰ ਬਣੇਗਾ',
    advertisement: 'ਇਸ਼ਤਿਹਾਰ',
    caption: 'ਪੂਰਬੀ ਕੰਢੇ ਤੋਂ ਪੁਰਾਣਾ ਪੁਲ। ਫਾਈਲ ਫੋਟੋ',
    place: 'ਚੰਡੀਗੜ੍ਹ',
    first:
      'ਨਗਰ ਕੌਂਸਲ ਨੇ ਸੋਮਵਾਰ ਨੂੰ ਫੈਸਲਾ ਕੀਤਾ ਕਿ ਉੱਤਰੀ ਨਹਿਰ ਉੱਤੇ ਪੁਰਾਣਾ ਪੁਲ ਸਰਦੀਆਂ ਤੋਂ ਪਹਿਲਾਂ ਦੁਬਾਰਾ ਬਣਾਇਆ ਜਾਵੇਗਾ। ਇੰਜੀਨੀਅਰਾਂ ਨੇ ਦੱਸਿਆ ਕਿ ਇਸ ਕੰਮ ਉੱਤੇ ਕਰੀਬ ਚਾਲੀ ਕਰੋੜ ਰੁਪਏ ਖਰਚ ਹੋਣਗੇ ਅਤੇ ਤਿੰਨ ਸੌ ਲੋਕਾਂ ਨੂੰ ਕੰਮ ਮਿਲੇਗਾ।',
    also: 'ਇਹ ਵੀ ਪੜ੍ਹੋ',
    other: 'ਸਕੂਲ ਦੀ ਛੱਤ ਦੀ ਮੁਰੰਮਤ ਸ਼ੁਰੂ',
    heading: 'ਪੁਲ ਤੋਂ ਬਾਅਦ ਸੜਕ',
    second:
      'ਨੇੜਲੇ ਪਿੰਡਾਂ ਦੇ ਲੋਕ ਕਈ ਸਾਲਾਂ ਤੋਂ ਅਜਿਹੀ ਸੜਕ ਦੀ ਉਡੀਕ ਕਰ ਰਹੇ ਸਨ ਜੋ ਮੀਂਹ ਵਿੱਚ ਨਾ ਡੁੱਬੇ। ਪੂਰਬੀ ਕੰਢੇ ਉੱਤੇ ਝੋਨਾ ਬੀਜਣ ਵਾਲੇ ਇੱਕ ਕਿਸਾਨ ਨੇ ਕਿਹਾ ਕਿ ਇਹ ਵਾਅਦਾ ਉਦੋਂ ਹੋਇਆ ਸੀ ਜਦੋਂ ਬੱਚੇ ਛੋਟੇ ਸਨ।',
    third:
      'ਵਿਰੋਧੀ ਧਿਰ ਨੇ ਸਟੀਲ ਦੀ ਕੀਮਤ ਬਾਰੇ ਨਵੀਂ ਰਿਪੋਰਟ ਮੰਗੀ ਅਤੇ ਪੁੱਛਿਆ ਕਿ ਦੇਰੀ ਦਾ ਖਰਚ ਕੌਣ ਦੇਵੇਗਾ। ਵਪਾਰੀਆਂ ਅਤੇ ਸਕੂਲਾਂ ਨਾਲ ਦੂਜੀ ਮੀਟਿੰਗ ਅਗਲੇ ਮਹੀਨੇ ਦੇ ਪਹਿਲੇ ਹਫ਼ਤੇ ਹੋਵੇਗੀ।',
    credit: '(ਪੀਟੀਆਈ)',
    follow: 'ਤਾਜ਼ਾ ਖ਼ਬਰਾਂ ਲਈ ਸਾਨੂੰ ਵਟਸਐਪ ਉੱਤੇ ਫਾਲੋ ਕਰੋ',
    tail: 'ਹੋਰ ਖ਼ਬਰਾਂ',
    rights: '© 2026 ਰੋਜ਼ਾਨਾ ਨਮੂਨਾ। ਸਾਰੇ ਹੱਕ ਰਾਖਵੇਂ ਹਨ।',
  },
  gu: {
    headline: 'નહેરનો જૂનો પુલ ફરી બનશે',
    advertisement: 'જાહેરાત',
    caption: 'પૂર્વ કાંઠેથી દેખાતો જૂનો પુલ. ફાઇલ ફોટો',
    place: 'અમદાવાદ',
    first:
      'નગરપાલિકાએ સોમવારે નિર્ણય લીધો કે ઉત્તર નહેર પરનો જૂનો પુલ શિયાળા પહેલાં ફરી બનાવવામાં આવશે. ઇજનેરોએ જણાવ્યું કે આ કામ પાછળ આશરે ચાલીસ કરોડ રૂપિયા ખર્ચ થશે અને ત્રણસો લોકોને રોજગાર મળશે.',
    also: 'આ પણ વાંચો',
    other: 'શાળાની છતનું સમારકામ શરૂ',
    heading: 'પુલ પછી રસ્તો',
    second:
      'આસપાસના ગામોના રહેવાસીઓ વર્ષોથી એવા રસ્તાની રાહ જોતા હતા જે વરસાદમાં ડૂબે નહીં. પૂર્વ કાંઠે ડાંગર પકવતા એક ખેડૂતે કહ્યું કે બાળકો નાના હતા ત્યારે આ વચન અપાયું હતું.',
    third:
      'વિપક્ષે સ્ટીલના ભાવ અંગે નવો અહેવાલ માંગ્યો અને પૂછ્યું કે વિલંબનો ખર્ચ કોણ આપશે. વેપારીઓ અને શાળાઓ સાથે બીજી બેઠક આવતા મહિનાના પહેલા સપ્તાહમાં યોજાશે.',
    credit: '(પીટીઆઈ)',
    follow: 'તાજા સમાચાર માટે અમને વોટ્સએપ પર ફોલો કરો',
    tail: 'વધુ સમાચાર',
    rights: '© 2026 દૈનિક નમૂના. સર્વાધિકાર સુરક્ષિત.',
  },
  or: {
    headline: 'କେନାଲର ପୁରୁଣା ପୋଲ ପୁଣି ହେବ',
    advertisement: 'ବିଜ୍ଞାପନ',
    caption: 'ପୂର୍ବ କୂଳରୁ ପୁରୁଣା ପୋଲ। ଫାଇଲ ଫଟୋ',
    place: 'ଭୁବନେଶ୍ୱର',
    first:
      'ପୌର ପରିଷଦ ସୋମବାର ନିଷ୍ପତ୍ତି ନେଇଛି ଯେ ଉତ୍ତର କେନାଲ ଉପରେ ଥିବା ପୁରୁଣା ପୋଲ ଶୀତ ପୂର୍ବରୁ ପୁଣି ତିଆରି ହେବ। ଇଞ୍ଜିନିୟରମାନେ କହିଛନ୍ତି ଯେ ଏହି କାମରେ ପ୍ରାୟ ଚାଳିଶ କୋଟି ଟଙ୍କା ଖର୍ଚ୍ଚ ହେବ ଏବଂ ତିନି ଶହ ଲୋକ କାମ ପାଇବେ।',
    also: 'ଏହା ବି ପଢ଼ନ୍ତୁ',
    other: 'ସ୍କୁଲ ଛାତ ମରାମତି ଆରମ୍ଭ',
    heading: 'ପୋଲ ପରେ ରାସ୍ତା',
    second:
      'ଆଖପାଖ ଗାଁର ଲୋକମାନେ ବର୍ଷାରେ ବୁଡ଼ୁ ନଥିବା ରାସ୍ତା ପାଇଁ ବହୁ ବର୍ଷ ଧରି ଅପେକ୍ଷା କରିଥିଲେ। ପୂର୍ବ କୂଳରେ ଧାନ ଚାଷ କରୁଥିବା ଜଣେ ଚାଷୀ କହିଲେ ଯେ ପିଲାମାନେ ଛୋଟ ଥିବାବେଳେ ଏହି ପ୍ରତିଶ୍ରୁତି ଦିଆଯାଇଥିଲା।',
    third:
      'ବିରୋଧୀ ଦଳ ଇସ୍ପାତ ଦାମ ଉପରେ ନୂଆ ରିପୋର୍ଟ ମାଗିଛି ଏବଂ ବିଳମ୍ବର ଖର୍ଚ୍ଚ କିଏ ଦେବ ପଚାରିଛି। ବ୍ୟବସାୟୀ ଓ ସ୍କୁଲମାନଙ୍କ ସହ ଦ୍ୱିତୀୟ ବୈଠକ ଆସନ୍ତା ମାସର ପ୍ରଥମ ସପ୍ତାହରେ ହେବ।',
    credit: '(ପିଟିଆଇ)',
    follow: 'ତାଜା ଖବର ପାଇଁ ଆମକୁ ଫେସବୁକରେ ଫଲୋ କରନ୍ତୁ',
    tail: 'ସମ୍ବନ୍ଧିତ ଖବର',
    rights: '© ୨୦୨୬ ଦୈନିକ ନମୁନା। ସର୍ବସ୍ୱତ୍ୱ ସଂରକ୍ଷିତ।',
  },
  te: {
    headline: 'కాలువపై పాత వంతెన మళ్లీ నిర్మాణం',
    advertisement: 'ప్రకటన',
    caption: 'తూర్పు ఒడ్డు నుంచి పాత వంతెన. ఫైల్ ఫోటో',
    place: 'హైదరాబాద్',
    first:
      'ఉత్తర కాలువపై ఉన్న పాత వంతెనను శీతాకాలం కంటే ముందే తిరిగి నిర్మించాలని పురపాలక సంఘం సోమవారం నిర్ణయించింది. ఈ పనికి సుమారు నలభై కోట్ల రూపాయలు ఖర్చవుతుందని, మూడు వందల మందికి ఉపాధి లభిస్తుందని ఇంజనీర్లు తెలిపారు.',
    also: 'ఇది కూడా చదవండి',
    other: 'పాఠశాల పైకప్పు మరమ్మతు ప్రారంభం',
    heading: 'వంతెన తర్వాత రోడ్డు',
    second:
      'వర్షాల్లో మునగని రోడ్డు కోసం సమీప గ్రామాల ప్రజలు చాలా ఏళ్లుగా ఎదురుచూస్తున్నారు. పిల్లలు చిన్నగా ఉన్నప్పుడే ఈ హామీ ఇచ్చారని తూర్పు ఒడ్డున వరి పండించే ఓ రైతు అన్నారు.',
    third:
      'ఉక్కు ధరలపై కొత్త నివేదిక ఇవ్వాలని, జాప్యం ఖర్చు ఎవరు భరిస్తారని ప్రతిపక్షం ప్రశ్నించింది. వ్యాపారులు, పాఠశాలలతో రెండో సమావేశం వచ్చే నెల మొదటి వారంలో జరగనుంది.',
    credit: '(పీటీఐ)',
    follow: 'తాజా వార్తల కోసం మా వాట్సాప్ ఛానెల్‌ను ఫాలో అవ్వండి',
    tail: 'మరిన్ని వార్తలు',
    rights: '© 2026 దిన నమూనా. అన్ని హక్కులు రిజర్వు చేయబడ్డాయి.',
  },
  kn: {
    headline: 'ಕಾಲುವೆಯ ಹಳೆಯ ಸೇತುವೆ ಮತ್ತೆ ನಿರ್ಮಾಣ',
    advertisement: 'ಜಾಹೀರಾತು',
    caption: 'ಪೂರ್ವ ದಂಡೆಯಿಂದ ಹಳೆಯ ಸೇತುವೆ. ಸಂಗ್ರಹ ಚಿತ್ರ',
    place: 'ಬೆಂಗಳೂರು',
    first:
      'ಉತ್ತರ ಕಾಲುವೆಯ ಮೇಲಿನ ಹಳೆಯ ಸೇತುವೆಯನ್ನು ಚಳಿಗಾಲಕ್ಕೂ ಮುನ್ನ ಮತ್ತೆ ನಿರ್ಮಿಸಲು ನಗರಸಭೆ ಸೋಮವಾರ ನಿರ್ಧರಿಸಿದೆ. ಈ ಕೆಲಸಕ್ಕೆ ಸುಮಾರು ನಲವತ್ತು ಕೋಟಿ ರೂಪಾಯಿ ಖರ್ಚಾಗಲಿದ್ದು ಮುನ್ನೂರು ಜನರಿಗೆ ಕೆಲಸ ಸಿಗಲಿದೆ ಎಂದು ಎಂಜಿನಿಯರ್‌ಗಳು ತಿಳಿಸಿದರು.',
    also: 'ಇದನ್ನೂ ಓದಿ',
    other: 'ಶಾಲೆಯ ಛಾವಣಿ ದುರಸ್ತಿ ಆರಂಭ',
    heading: 'ಸೇತುವೆಯ ನಂತರ ರಸ್ತೆ',
    second:
      'ಮಳೆಯಲ್ಲಿ ಮುಳುಗದ ರಸ್ತೆಗಾಗಿ ಸುತ್ತಲಿನ ಗ್ರಾಮಗಳ ಜನರು ಹಲವು ವರ್ಷಗಳಿಂದ ಕಾಯುತ್ತಿದ್ದರು. ಮಕ್ಕಳು ಚಿಕ್ಕವರಿದ್ದಾಗಲೇ ಈ ಭರವಸೆ ನೀಡಲಾಗಿತ್ತು ಎಂದು ಪೂರ್ವ ದಂಡೆಯಲ್ಲಿ ಭತ್ತ ಬೆಳೆಯುವ ರೈತರೊಬ್ಬರು ಹೇಳಿದರು.',
    third:
      'ಉಕ್ಕಿನ ಬೆಲೆಯ ಕುರಿತು ಹೊಸ ವರದಿ ನೀಡಬೇಕು ಎಂದು ವಿರೋಧ ಪಕ್ಷ ಒತ್ತಾಯಿಸಿ ವಿಳಂಬದ ವೆಚ್ಚ ಯಾರು ಭರಿಸುತ್ತಾರೆ ಎಂದು ಕೇಳಿತು. ವ್ಯಾಪಾರಿಗಳು ಮತ್ತು ಶಾಲೆಗಳೊಂದಿಗೆ ಎರಡನೇ ಸಭೆ ಮುಂದಿನ ತಿಂಗಳ ಮೊದಲ ವಾರದಲ್ಲಿ ನಡೆಯಲಿದೆ.',
    credit: '(ಪಿಟಿಐ)',
    follow: 'ತಾಜಾ ಸುದ್ದಿಗಳಿಗಾಗಿ ನಮ್ಮ ವಾಟ್ಸಾಪ್ ಚಾನೆಲ್ ಫಾಲೋ ಮಾಡಿ',
    tail: 'ಇನ್ನಷ್ಟು ಸುದ್ದಿ',
    rights: '© 2026 ದೈನಿಕ ಮಾದರಿ. ಎಲ್ಲ ಹಕ್ಕುಗಳನ್ನು ಕಾಯ್ದಿರಿಸಲಾಗಿದೆ.',
  },
  ml: {
    headline: 'കനാലിലെ പഴയ പാലം വീണ്ടും പണിയും',
    advertisement: 'പരസ്യം',
    caption: 'കിഴക്കേ കരയിൽ നിന്ന് പഴയ പാലം. ഫയൽ ചിത്രം',
    place: 'കൊച്ചി',
    first:
      'വടക്കൻ കനാലിനു മുകളിലുള്ള പഴയ പാലം ശൈത്യകാലത്തിനു മുൻപ് പുനർനിർമിക്കാൻ നഗരസഭ തിങ്കളാഴ്ച തീരുമാനിച്ചു. ഈ ജോലിക്ക് ഏകദേശം നാൽപത് കോടി രൂപ ചെലവാകുമെന്നും മുന്നൂറ് പേർക്ക് തൊഴിൽ ലഭിക്കുമെന്നും എൻജിനീയർമാർ പറഞ്ഞു.',
    also: 'ഇതും വായിക്കുക',
    other: 'സ്കൂളിന്റെ മേൽക്കൂര നന്നാക്കൽ തുടങ്ങി',
    heading: 'പാലത്തിനു ശേഷം റോഡ്',
    second:
      'മഴയിൽ മുങ്ങാത്ത റോഡിനായി സമീപ ഗ്രാമങ്ങളിലെ ജനങ്ങൾ വർഷങ്ങളായി കാത്തിരിക്കുകയായിരുന്നു. മക്കൾ ചെറുതായിരുന്നപ്പോഴാണ് ഈ വാഗ്ദാനം നൽകിയതെന്ന് കിഴക്കേ കരയിൽ നെല്ല് കൃഷി ചെയ്യുന്ന ഒരു കർഷകൻ പറഞ്ഞു.',
    third:
      'ഉരുക്കിന്റെ വില സംബന്ധിച്ച് പുതിയ റിപ്പോർട്ട് വേണമെന്ന് പ്രതിപക്ഷം ആവശ്യപ്പെട്ടു, വൈകുന്നതിന്റെ ചെലവ് ആരു വഹിക്കുമെന്നും ചോദിച്ചു. വ്യാപാരികളും സ്കൂളുകളുമായുള്ള രണ്ടാമത്തെ യോഗം അടുത്ത മാസം ആദ്യ ആഴ്ച നടക്കും.',
    credit: '(പിടിഐ)',
    follow: 'പുതിയ വാർത്തകൾക്കായി ഞങ്ങളുടെ വാട്സാപ് ചാനൽ ഫോളോ ചെയ്യുക',
    tail: 'കൂടുതൽ വാർത്തകൾ',
    rights: '© 2026 ദിന മാതൃക. എല്ലാ അവകാശങ്ങളും നിക്ഷിപ്തം.',
  },
  ar: {
    headline: 'إعادة بناء الجسر القديم فوق القناة',
    advertisement: 'إعلان',
    caption: 'الجسر القديم من الضفة الشرقية (أرشيف)',
    place: 'القاهرة',
    first:
      'قرر المجلس البلدي يوم الاثنين إعادة بناء الجسر القديم فوق القناة الشمالية قبل حلول فصل الشتاء. وقال المهندسون إن العمل سيكلف نحو أربعين مليونا وسيوفر وظائف لثلاثمئة شخص حتى الربيع.',
    also: 'اقرأ أيضا',
    other: 'بدء إصلاح سقف المدرسة',
    heading: 'الطريق بعد الجسر',
    second:
      'وكان سكان القرى المجاورة ينتظرون منذ سنوات طريقا لا تغمره المياه في موسم الأمطار. وقال مزارع يزرع الأرز على الضفة الشرقية إن هذا الوعد قُطع حين كان أولاده صغارا.',
    third:
      'وطلبت المعارضة تقريرا جديدا عن سعر الحديد وسألت عمن سيتحمل كلفة التأخير. ومن المقرر عقد اجتماع ثان مع التجار والمدارس في الأسبوع الأول من الشهر المقبل.',
    credit: '(رويترز)',
    follow: 'تابعونا على واتساب وتلغرام لمعرفة آخر الأخبار',
    tail: 'أخبار ذات صلة',
    rights: '© 2026 صحيفة النموذج. جميع الحقوق محفوظة.',
  },
  es: {
    headline: 'El viejo puente del canal será reconstruido',
    advertisement: 'Publicidad',
    caption: 'El viejo puente visto desde la orilla este. Foto: Archivo',
    place: 'Madrid',
    first:
      'El ayuntamiento decidió el lunes reconstruir el viejo puente sobre el canal del norte antes del invierno. Los ingenieros dijeron que la obra costará unos cuarenta millones y dará trabajo a trescientas personas hasta la primavera.',
    also: 'Lea también',
    other: 'Empieza el arreglo del tejado de la escuela',
    heading: 'Después del puente, la carretera',
    second:
      'Los vecinos de los pueblos cercanos llevaban años esperando una carretera que no se inunde con las lluvias. «Nos prometieron este puente cuando mis hijos eran pequeños», dijo un agricultor que cultiva arroz en la orilla este.',
    third:
      'La oposición pidió un nuevo informe sobre el precio del acero y sobre quién pagará los retrasos. Una segunda reunión con comerciantes y escuelas está prevista para la primera semana del próximo mes.',
    credit: '(EFE)',
    follow: 'Síguenos en WhatsApp y Telegram para recibir las últimas noticias',
    tail: 'Noticias relacionadas',
    rights: '© 2026 Diario Muestra S.A. Todos los derechos reservados.',
  },
  fr: {
    headline: 'Le vieux pont du canal sera reconstruit',
    advertisement: 'Publicité',
    caption: 'Le vieux pont vu de la rive est. © Archives',
    place: 'Paris',
    first:
      'Le conseil municipal a décidé lundi de reconstruire le vieux pont sur le canal du nord avant l’hiver. Selon les ingénieurs, les travaux coûteront environ quarante millions et occuperont trois cents personnes jusqu’au printemps.',
    also: 'À lire aussi',
    other: 'La réparation du toit de l’école commence',
    heading: 'Après le pont, la route',
    second:
      'Les habitants des villages voisins attendaient depuis des années une route qui ne soit pas inondée pendant les pluies. « On nous a promis ce pont quand mes enfants étaient petits », raconte un agriculteur qui cultive du riz sur la rive est.',
    third:
      'L’opposition a demandé un nouveau rapport sur le prix de l’acier et sur qui paiera les retards. Une deuxième réunion avec les commerçants et les écoles est prévue la première semaine du mois prochain.',
    credit: '(AFP)',
    follow: 'Suivez-nous sur WhatsApp pour ne rien manquer de l’actualité',
    tail: 'Sur le même sujet',
    rights: '© 2026 Le Quotidien Exemple. Tous droits réservés.',
  },
  de: {
    headline: 'Alte Kanalbrücke wird neu gebaut',
    advertisement: 'Anzeige',
    caption: 'Die alte Brücke vom Ostufer aus. Foto: Archiv',
    place: 'Berlin',
    first:
      'Der Stadtrat hat am Montag beschlossen, die alte Brücke über den Nordkanal noch vor dem Winter neu zu bauen. Nach Angaben der Ingenieure kostet die Arbeit rund vierzig Millionen und beschäftigt dreihundert Menschen bis zum Frühjahr.',
    also: 'Lesen Sie auch',
    other: 'Reparatur des Schuldachs beginnt',
    heading: 'Nach der Brücke die Straße',
    second:
      'Die Bewohner der umliegenden Dörfer warteten seit Jahren auf eine Straße, die bei Regen nicht überflutet wird. „Diese Brücke hat man uns versprochen, als meine Kinder klein waren“, sagte ein Bauer, der am Ostufer Reis anbaut.',
    third:
      'Die Opposition forderte einen neuen Bericht über den Stahlpreis und darüber, wer für Verzögerungen zahlt. Ein zweites Treffen mit Händlern und Schulen ist für die erste Woche des nächsten Monats geplant.',
    credit: '(dpa)',
    follow: 'Folgen Sie uns auf WhatsApp und verpassen Sie keine Nachricht',
    tail: 'Mehr zum Thema',
    rights: '© 2026 Tageblatt Muster GmbH. Alle Rechte vorbehalten.',
  },
  pt: {
    headline: 'Velha ponte do canal será reconstruída',
    advertisement: 'Publicidade',
    caption: 'A velha ponte vista da margem leste. Foto: Arquivo',
    place: 'Lisboa',
    first:
      'A câmara municipal decidiu na segunda-feira reconstruir a velha ponte sobre o canal do norte antes do inverno. Segundo os engenheiros, a obra custará cerca de quarenta milhões e dará emprego a trezentas pessoas até a primavera.',
    also: 'Leia também',
    other: 'Começa o conserto do telhado da escola',
    heading: 'Depois da ponte, a estrada',
    second:
      'Os moradores das aldeias vizinhas esperavam há anos por uma estrada que não alague com as chuvas. “Prometeram esta ponte quando meus filhos eram pequenos”, disse um agricultor que cultiva arroz na margem leste.',
    third:
      'A oposição pediu um novo relatório sobre o preço do aço e sobre quem pagará os atrasos. Uma segunda reunião com comerciantes e escolas está prevista para a primeira semana do próximo mês.',
    credit: '(Lusa)',
    follow: 'Siga-nos no WhatsApp e no Telegram para receber as últimas notícias',
    tail: 'Notícias relacionadas',
    rights: '© 2026 Diário Amostra. Todos os direitos reservados.',
  },
  id: {
    headline: 'Jembatan lama di kanal dibangun kembali',
    advertisement: 'Iklan',
    caption: 'Jembatan lama dilihat dari tepi timur. Foto: Dokumentasi',
    place: 'Jakarta',
    first:
      'Dewan kota memutuskan pada hari Senin untuk membangun kembali jembatan lama di atas kanal utara sebelum musim hujan. Para insinyur mengatakan pekerjaan itu akan menelan biaya sekitar empat puluh miliar dan memberi kerja kepada tiga ratus orang.',
    also: 'Baca juga',
    other: 'Perbaikan atap sekolah dimulai',
    heading: 'Setelah jembatan, jalan',
    second:
      'Warga desa di sekitarnya telah bertahun-tahun menunggu jalan yang tidak tergenang saat hujan deras. “Jembatan ini dijanjikan ketika anak-anak saya masih kecil,” kata seorang petani yang menanam padi di tepi timur.',
    third:
      'Pihak oposisi meminta laporan baru tentang harga baja dan siapa yang akan membayar keterlambatan. Pertemuan kedua dengan para pedagang dan sekolah direncanakan pada pekan pertama bulan depan.',
    credit: '(Antara)',
    follow: 'Ikuti kami di WhatsApp dan Google News untuk berita terbaru',
    tail: 'Berita Terkait',
    rights: '© 2026 Harian Contoh. Hak cipta dilindungi undang-undang.',
  },
};

describe('a page’s plain text in', () => {
  test.each(Object.entries(PAGES))('%s', async (language, page) => {
    const { headline, place, first, second, third, heading, other, credit = '', caption } = page;
    const lines = [
      ...[headline, page.advertisement, '', headline, '', caption, '', `${place}: ${first}`, ''],
      ...[`${page.also}: ${other}`, '', heading, second, '', third, '', credit, '', page.follow, ''],
      ...[page.tail, other, page.rights],
    ];
    const article = await read(draft('page', lines.join('\n')));
    expect(article).toMatchObject({ language, headline, dateline: place, related: [{ title: other }] });
    expect(article.direction).toBe(language === 'ar' ? 'rtl' : 'ltr');
    expect(article.image).toEqual({ caption });
    expect(article.credit).toBe(credit.slice(1, -1));
    expect(outline(article.body)).toEqual([`p ${first}`, `h2 ${heading}`, `p ${second}`, `p ${third}`]);
  });
});
