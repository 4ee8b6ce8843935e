/** A neighbour: it does nothing but use CPU until it is ended. */
for (;;) Math.sqrt(performance.now())
