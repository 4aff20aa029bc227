"""The one command table, assembled from the topics' rows."""

from bot.commands import (
    accounts,
    acts,
    approvals,
    backups,
    board,
    chats,
    exports,
    health,
    help,
    indicators,
    items,
    logs,
    orders,
    parcels,
    pauses,
    people,
    rooms,
    selftest,
    settings,
    shipping,
    stats,
    stock,
    telling,
    templates,
)
from bot.commands.command import Table

TABLE = Table(
    (
        *orders.ROWS,
        *shipping.ROWS,
        *parcels.ROWS,
        *approvals.ROWS,
        *stock.ROWS,
        *items.ROWS,
        *pauses.ROWS,
        *chats.ROWS,
        *templates.ROWS,
        *telling.ROWS,
        *stats.ROWS,
        *exports.ROWS,
        *acts.ROWS,
        *settings.ROWS,
        *backups.ROWS,
        *board.ROWS,
        *indicators.ROWS,
        *health.ROWS,
        *selftest.ROWS,
        *accounts.ROWS,
        *logs.ROWS,
        *rooms.ROWS,
        *people.ROWS,
        *help.ROWS,
    )
)
"""Every command there is; desk, help, menus and the sweep test walk it."""
