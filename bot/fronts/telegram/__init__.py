"""The front of Telegram: its own getUpdates loop under python-telegram-bot's `Bot`."""
