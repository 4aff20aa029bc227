"""The one object people's fronts get: the shop's topics, each with its questions and acts."""

from datetime import datetime

from core.engine.accounts import Accounts
from core.engine.actions import Actions
from core.engine.acts import Acts
from core.engine.approvals import Approvals
from core.engine.backups import Backups
from core.engine.batches import Batches
from core.engine.binding import Binding
from core.engine.board import Board
from core.engine.buyers import Buyers
from core.engine.chats import Chats
from core.engine.context import Shop
from core.engine.exports import Exports
from core.engine.health import Health
from core.engine.indicators import Measured
from core.engine.items import Items
from core.engine.keeps import Keeps
from core.engine.logs import Logs
from core.engine.notices import Notices
from core.engine.numbers import Numbers
from core.engine.orders import Orders
from core.engine.parcels import Parcels
from core.engine.pauses import Pauses
from core.engine.pending import Pending
from core.engine.people import People
from core.engine.picking import Picking
from core.engine.receivers import Receivers
from core.engine.refunds import Refunds
from core.engine.requests import Requests
from core.engine.rooms import Rooms
from core.engine.selftest import SelfTests
from core.engine.settings import Chosen
from core.engine.shipping import Shipping
from core.engine.stats import Stats
from core.engine.stock import Stock
from core.engine.tags import Tags
from core.engine.telling import Telling
from core.engine.templates import Templates
from core.engine.undoing import Undoing


class Engine:
    """The front door. Questions read; acts take the actor and are recorded (law 8)."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.zone = shop.zone
        self.orders = Orders(shop)
        self.shipping = Shipping(shop, self.orders)
        self.parcels = Parcels(shop, self.orders)
        self.picking = Picking(shop)
        self.numbers = Numbers(shop)
        self.receivers = Receivers(shop)
        self.batches = Batches(self.orders, self.shipping, self.parcels, self.numbers)
        self.approvals = Approvals(shop, self.orders)
        self.refunds = Refunds(shop, self.orders)
        self.chats = Chats(shop, self.orders)
        self.buyers = Buyers(shop, self.orders, self.chats)
        self.accounts = Accounts(shop)
        self.pending = Pending(shop)
        self.stock = Stock(shop, self.orders)
        self.keeps = Keeps(shop)
        self.items = Items(shop)
        self.pauses = Pauses(shop)
        self.stats = Stats(shop)
        self.health = Health(shop)
        self.exports = Exports(shop)
        self.acts = Acts(shop)
        self.settings = Chosen(shop)
        self.backups = Backups(shop)
        self.undoing = Undoing(shop, self.orders, self.chats, self.pauses)
        self.board = Board(shop)
        self.logs = Logs(shop)
        self.selftest = SelfTests()
        self.indicators = Measured(shop)
        self.people = People(shop)
        self.tags = Tags(shop, self.people)
        self.rooms = Rooms(shop)
        self.binding = Binding(shop)
        self.requests = Requests(shop)
        self.actions = Actions(shop)
        self.notices = Notices(shop)
        self.telling = Telling(shop)
        self.templates = Templates(shop, self.orders)

    def now(self) -> datetime:
        """Shop time, aware UTC."""
        return self._shop.now()
