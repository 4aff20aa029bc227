"""Pictures. What is to be drawn is a value (chart.py); a worker process draws it (drawing.py starts it)."""
