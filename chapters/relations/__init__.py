"""Code that the chapters share: ``dataset → measures → charts → figure``, imported one way only."""
