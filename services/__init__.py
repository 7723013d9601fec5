"""The services of Doorstep: HTTP in (`dispatcher`), jobs in (`worker`), and the ways to run them."""
