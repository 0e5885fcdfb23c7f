"""The engine: inspect, read, recognise, draw, propose. No Django, no database, no network.

The heavy libraries (pdfium, Tesseract, lxml, Pillow) are loaded by the child process only.
"""
