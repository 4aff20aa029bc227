// What the page itself says, in the browser's language; everything else on it comes from the chat.
const WORDS = {
  zh: {
    i_am: "我是", buyers: "买家", new_buyer: "＋ 新买家", wire: "线路记录：机器人的每次调用", wire_short: "线路",
    chat: "聊天", write: "说点什么，例如：帮助", write_buyer: "以买家身份说", order: "下单", pay: "付款", cancel: "取消订单",
    ask_refund: "申请退款", withdraw_refund: "撤回退款", confirm: "确认收货", rate: "评价", edited: "已编辑",
    copied: "已复制", general: "全部", private: "私聊", bot: "机器人", typing: "正在输入…", nobody: "选一位买家，或者叫一位新的来",
    pinned: "置顶", choose_item: "关于", forwarded: "转发自", anonymous: "匿名管理员", file: "文件", quantity: "件",
    pending_payment: "等待买家付款", pending_ship: "等待卖家发货", shipped: "已发货", completed: "交易成功", closed: "交易关闭",
    refunded: "已退款", refunding: "退款中", lost: "连接断了，正在重试…", too_big: "文件太大", silent: "静音",
    joined: "加入了群", gone: "离开了群", topic: "新话题", renamed: "群改名为", moved: "群已升级", reply: "回复",
  },
  en: {
    i_am: "I am", buyers: "Buyers", new_buyer: "＋ New buyer", wire: "On the wire: every call of the bot", wire_short: "Wire",
    chat: "Chat", write: "Say something, such as: help", write_buyer: "Say as the buyer", order: "Order", pay: "Pay",
    cancel: "Cancel", ask_refund: "Ask a refund", withdraw_refund: "Withdraw refund", confirm: "Confirm receipt",
    rate: "Rate", edited: "edited", copied: "Copied", general: "All", private: "Private", bot: "bot", typing: "is typing…",
    nobody: "Choose a buyer, or let a new one come", pinned: "Pinned", choose_item: "About", forwarded: "Forwarded from",
    anonymous: "anonymous admin", file: "File", quantity: "pcs", pending_payment: "to be paid", pending_ship: "to be shipped",
    shipped: "shipped", completed: "completed", closed: "closed", refunded: "refunded", refunding: "refund asked",
    lost: "Connection lost, trying again…", too_big: "The file is too large", silent: "silent", joined: "joined the group",
    gone: "left the group", topic: "New topic", renamed: "The group is called", moved: "The group was upgraded", reply: "Reply",
  },
};

const words = WORDS[navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en"];

export const say = (key) => words[key] ?? key;

export function label() {
  for (const place of document.querySelectorAll("[data-say]")) place.textContent = say(place.dataset.say);
}
