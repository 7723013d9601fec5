"""Which team does what, in which order: problem in, plan out. Pure: no clock, no chance, no rows."""
