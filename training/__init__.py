"""How the built-in embedding model is made: `python -m training --data FOLDER`."""
