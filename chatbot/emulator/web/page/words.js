/** The page's texts: Korean for people whose Telegram is Korean, otherwise English. */

const ENGLISH = {
  bot: "bot",
  you: "you",
  typing: "typing",
  connecting: "connecting…",
  chatWith: (bot, person) => `${person}’s chat with ${bot}`,
  messages: "Messages",
  start: "Start",
  restart: "Restart bot",
  unblock: "Unblock bot",
  block: "Stop and block bot",
  more: "More",
  menu: "Menu",
  commands: "Commands",
  write: "Message",
  send: "Send",
  attach: "Attach",
  media: "Photo or video",
  file: "File",
  sticker: "Sample sticker",
  voice: "Sample voice message",
  location: "Sample location",
  contact: "Sample contact",
  photo_noun: "Photo",
  video_noun: "Video",
  animation_noun: "GIF",
  document_noun: "File",
  sticker_noun: "Sticker",
  voice_noun: "Voice message",
  location_noun: "Location",
  contact_noun: "Contact",
  other_noun: "Message",
  description: "What can this bot do?",
  empty: "No messages here yet…",
  today: "Today",
  yesterday: "Yesterday",
  sent: "Sent",
  read: "Read",
  edited: "edited",
  down: "Go to the newest message",
  unread: (count) => `${count} unread`,
  copied: "Copied to clipboard",
  copy: "Copy",
  spoiler: "Hidden text, press to show it",
  expand: "Show all",
  collapse: "Show less",
  newTab: "opens in a new tab",
  failed: (why) => `That did not work: ${why}`,
  offline: "no connection to the pretend Telegram",
  ok: "OK",
  close: "Close",
  caption: "Caption",
  shareTitle: "Share",
  shareHint: "This is what your friends would see.",
  shareCopy: "Copy the message",
  shareOpen: "Open this link as a new person",
  people: "People",
  newPerson: "New person",
  newPersonHint: "Somebody who has never met the bot.",
  name: "Name",
  language: "Language of their Telegram",
  create: "Open Telegram",
  phones: "Phones side by side",
  rehearsal: "Rehearsal",
  rehearsalHint: "A pretend Telegram. Nothing leaves this computer.",
  blocked: "blocked the bot",
};

const KOREAN = {
  bot: "봇",
  you: "나",
  typing: "입력 중",
  connecting: "연결 중…",
  chatWith: (bot, person) => `${person} 님과 ${bot}의 채팅`,
  messages: "메시지",
  start: "시작",
  restart: "봇 다시 시작",
  unblock: "봇 차단 해제",
  block: "봇 중지 및 차단",
  more: "더 보기",
  menu: "메뉴",
  commands: "명령어",
  write: "메시지",
  send: "보내기",
  attach: "첨부",
  media: "사진 또는 동영상",
  file: "파일",
  sticker: "예시 스티커",
  voice: "예시 음성 메시지",
  location: "예시 위치",
  contact: "예시 연락처",
  photo_noun: "사진",
  video_noun: "동영상",
  animation_noun: "GIF",
  document_noun: "파일",
  sticker_noun: "스티커",
  voice_noun: "음성 메시지",
  location_noun: "위치",
  contact_noun: "연락처",
  other_noun: "메시지",
  description: "이 봇은 무엇을 할 수 있나요?",
  empty: "아직 메시지가 없습니다…",
  today: "오늘",
  yesterday: "어제",
  sent: "보냄",
  read: "읽음",
  edited: "수정됨",
  down: "최신 메시지로 이동",
  unread: (count) => `읽지 않은 메시지 ${count}개`,
  copied: "클립보드에 복사했습니다",
  copy: "복사",
  spoiler: "가려진 글, 누르면 보입니다",
  expand: "모두 보기",
  collapse: "접기",
  newTab: "새 탭에서 열림",
  failed: (why) => `처리하지 못했습니다: ${why}`,
  offline: "모의 텔레그램에 연결할 수 없습니다",
  ok: "확인",
  close: "닫기",
  caption: "설명",
  shareTitle: "공유하기",
  shareHint: "친구에게는 이렇게 보입니다.",
  shareCopy: "메시지 복사",
  shareOpen: "새 사람으로 이 링크 열기",
  people: "사람들",
  newPerson: "새 사람",
  newPersonHint: "이 봇을 처음 만나는 사람입니다.",
  name: "이름",
  language: "텔레그램 언어",
  create: "텔레그램 열기",
  phones: "나란히 볼 휴대전화 수",
  rehearsal: "리허설",
  rehearsalHint: "모의 텔레그램입니다. 이 컴퓨터 밖으로 아무것도 나가지 않습니다.",
  blocked: "봇을 차단함",
};

/** Returns "ko" for every `ko*` tag, otherwise "en". */
export function languageOf(code) {
  return (code ?? "").toLowerCase().split("-")[0] === "ko" ? "ko" : "en";
}

/** Returns the texts in "ko" or "en". */
export function wordsIn(language) {
  return language === "ko" ? KOREAN : ENGLISH;
}

/** Formats a time in the reader's zone, as "3:07 PM" or "오후 3:07"; `seconds` are Unix time. */
export function clock(seconds, language) {
  return new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(seconds * 1000);
}

/** Names a day: today, yesterday, or "March 4", with the year if it is not the current one. */
export function dayName(seconds, language) {
  const day = new Date(seconds * 1000);
  const now = new Date();
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
  const ago = Math.round((midnight(now) - midnight(day)) / 86_400_000);
  if (ago === 0) return wordsIn(language).today;
  if (ago === 1) return wordsIn(language).yesterday;
  const year = day.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(language, { month: "long", day: "numeric", year }).format(day);
}
