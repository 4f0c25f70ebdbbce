"""The course as notebooks, and the kit for teachers that is made from them."""
