"""The record as it may leave the clinic: three products with honest names (safety specification §6).

`safe-harbor` has the identifiers of 45 CFR 164.514(b)(2) removed, `limited` is for the holder of a data use
agreement, `shifted` requires expert determination. None has names, numbers of the record or free text.
"""
