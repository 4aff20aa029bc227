"""The calls of the web API that a shop needs (facts: mtop HTTP APIs)."""

from core.outside.xianyu.sign import Api

_H5 = "https://h5.m.goofish.com"
_SELLER = "https://seller.goofish.com"

LOGIN_TOKEN = Api("mtop.taobao.idlemessage.pc.login.token", query=(("spm_cnt", "a21ybx.im.0.0"),))
LOGIN_USER = Api("mtop.taobao.idlemessage.pc.loginuser.get")
ITEM_DETAIL = Api("mtop.taobao.idle.pc.detail")
ITEM_LIST = Api("mtop.idle.web.xyh.item.list")
ORDER_DETAIL = Api("mtop.idle.web.trade.order.detail")
SOLD_MERCHANT = Api(
    "mtop.taobao.idle.trade.merchant.sold.get",
    origin=_SELLER,
    referer=f"{_SELLER}/",
    query=(("type", "json"), ("valueType", "string")),
    headers=(("idle_site_biz_code", "COMMONPRO"),),
)
SOLD_PLAIN = Api("mtop.taobao.idle.trade.sold.get", "5.0", origin=_H5, referer=f"{_H5}/")
HEADINFO = Api("mtop.idle.trade.pc.message.headinfo")
REFUND_DETAIL = Api(
    "mtop.taobao.idle.refund.detail",
    origin=_H5,
    referer=f"{_H5}/wow/moyu/moyu-project/idle-reverse/pages/refundDetail",
)
REFUSE_RENDER = REFUND_DETAIL._replace(name="mtop.taobao.idle.refund.refuse.render")
REFUSE_REFUND = REFUND_DETAIL._replace(name="mtop.taobao.idle.refund.refuse", effect=True)
CONSIGN_RENDER = Api("mtop.taobao.idle.logistic.consign.render")
CONSIGN_DUMMY = Api("mtop.taobao.idle.logistic.consign.dummy", effect=True)
CONSIGN_OFFLINE = Api(
    "mtop.taobao.idle.logistic.consign.offline",
    effect=True,
    origin="https://h5.m.goofish.com",
    referer="https://h5.m.goofish.com/wow/moyu/moyu-project/idle-logistics/pages/idleDeliver",
)
