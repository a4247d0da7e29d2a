"""Understanding of Chinese customer messages: Rasa graph components and the pure functions behind them."""
