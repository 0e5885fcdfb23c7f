"""Files as strangers send them: good ones of other tools, and forgeries of the published classes.

Sources of the classes, named in the attacks: *PDF insecurity* (Mladenov, Mainka and others, CCS
2019: signature wrapping, incremental saving, universal forgery), *shadow attacks* (NDSS 2021: hide,
replace, hide and replace), *certification attacks* (S&P 2021: evil annotation, sneaky signature).
"""
