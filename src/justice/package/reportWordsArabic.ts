import type { ReportWords } from "./reportWords.js";

/**
 * A report's words in Arabic.
 *
 * @example
 * ```ts
 * const sentence = reportWordsArabic.notProved.CLAIMS;
 * ```
 */
export const reportWordsArabic: ReportWords = {
  exhibit: "المضبوط",
  questions: {
    integrity: "١. هل الملف هو ما أُودع",
    status: "٢. وضع المضبوط عند الكتلة",
    who: "٣. هل كان المودِع والأداة معتمدين حينها",
  },
  answers: { PROVED: "ثابت", FAILED: "لا يصح", NOT_PROVED: "لم يثبت" },
  since: "نشأ البيان بين",
  claimed: "وقت الالتقاط كما يدّعيه المودِع ولا يثبته شيء",
  unknown: "غير معروف",
  states: {
    UNKNOWN: "غير معروف",
    DEPOSITED: "مودَع",
    TENDERED: "مقدَّم إلى المحكمة",
    CHALLENGED: "مطعون فيه",
    REBUTTED: "رُدَّ على الطعن",
    ADMITTED: "مقبول",
    EXCLUDED: "مستبعد",
    RETURNED: "مُعاد إلى صاحبه",
    DESTROYED: "مُتلف",
  },
  sealed: "مختوم",
  held: "تحت الحفظ القانوني",
  custodian: "في عهدة",
  body: "الجهة",
  to: "إلى",
  comma: "، ",
  depositor: "المودِع",
  tool: "أداة الالتقاط",
  court: "المحكمة",
  then: "حينها",
  atBlock: "عند الكتلة",
  standings: {
    NONE: "غير معتمد قط",
    IN_FORCE: "معتمد",
    PENDING: "لم يسرِ اعتماده بعد",
    EXPIRED: "انتهى اعتماده",
    SUSPENDED: "اعتماده موقوف",
    WITHDRAWN: "سُحب اعتماده",
    COMPROMISED: "بمفتاح مخترق",
  },
  because: "السبب",
  block: "الكتلة",
  anchoredBy: {
    block: "هي الكتلة الموثوقة أو سابقة لها بتسلسل البصمات.",
    validators: "ختمها النصاب من المدققين المحددين.",
    genesis: "ختمها النصاب من المدققين الذين تقود إليهم الأصوات من كتلة البداية الموثوقة.",
    clique: "ختمها الموقّعون بعد نقطة التحقق الموثوقة. هذا دليل قوي وليس نهائيًا أبدًا.",
  },
  depth: "الكتل فوقها",
  sealers: "الخاتمون المختلفون",
  seals: "الأختام والمطلوب منها",
  anchors: "مثبتات أخرى",
  none: "لا يوجد",
  notAfter: "ليس بعد",
  of: { block: "للكتلة", file: "للملف" },
  anchorStates: {
    PROVED: "ثابت",
    UNPROVED: "يذكر كتلة بيتكوين ليست في مرساة الثقة",
    PENDING: "وعد من تقويم فقط",
    UNKNOWN: "من نوع غير معروف",
  },
  others: {
    SAME_BLOCK: "الحزمة الأخرى للكتلة نفسها",
    OTHER_HEIGHT: "الحزمة الأخرى على ارتفاع آخر",
    CONFLICT: "الحزمة الأخرى تناقض هذه",
    UNCHECKED: "الحزمة الأخرى لا تثبت شيئًا",
  },
  wrong: "أخطاء",
  notProvedTitle: "ما لم يثبت",
  notProved: {
    ANCHOR_OPEN_BYTES: "بايتات الطابع الزمني التي لا يشملها توقيع وأسماء التقاويم: لا يكشف تغيّرها إلا البيان الداخلي.",
    CASE_NOT_PROVED: "أن الإيداع كان لهذه القضية: ملح القضية أو إيصال الإيداع غير موجود.",
    CLAIMS: "صحة ما يدّعيه البيان: وقت الالتقاط والجهاز والمكان وكيف نشأ الملف.",
    CLIQUE_NOT_FINAL: "بقاء الكتلة: نظام Clique ليس نهائيًا أبدًا وقد يحل فرع آخر محلها.",
    CUSTODY_INCOMPLETE: "سلسلة العهدة كاملة: يعدّ السجل انتقالات أكثر من الإيصالات.",
    COURT_KEY: "المفتاح الذي تصرفت به المحكمة: يحفظ السجل المحكمة لا مفتاحها.",
    EVENTS_MAY_BE_MISSING: "أنه لم يُعرض أو يُرفض أو يُقرَّر شيء آخر: الكامل هو الحالة وعدد الانتقالات فقط.",
    FILE_NOT_GIVEN: "أن ملفًا ما هو المضبوط: لم يُعطَ ملف.",
    LATER_CHANGES: "ما حدث بعد الكتلة.",
    NOT_BEFORE_UNPROVED: "أن البيان ليس أقدم من الكتلة التي يذكرها: ليست بين الترويسات المتحقق منها.",
    NO_SECOND_ANCHOR: "وقت نشوء الكتلة بشهادة غير الخاتمين: لا يوجد مثبت آخر.",
    OTHER_BLOCKS_SIGNED: "أن المدققين لم يوقّعوا شيئًا آخر: الأختام تثبت ما وقّعوه لا أكثر.",
    TOKEN_NOT_GIVEN: "الطابع الزمني الذي يذكره البيان: ليس في الحزمة.",
  },
};
