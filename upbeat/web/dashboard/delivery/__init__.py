"""The delivery page: before, during and after the night, in figures that move by themselves."""
