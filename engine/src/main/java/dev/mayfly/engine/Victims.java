package dev.mayfly.engine;

import dev.mayfly.engine.Pruner.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The candidates with the lowest scores seen so far, up to a number. Confined to one thread. */
final class Victims {
  private final int most;
  private final PriorityQueue<Candidate> highestFirst =
      new PriorityQueue<>(Comparator.comparingDouble(Candidate::score).reversed());

  Victims(int most) {
    this.most = most;
  }

  void offer(Candidate candidate) {
    if (highestFirst.size() < most) {
      highestFirst.add(candidate);
      return;
    }
    Candidate highest = highestFirst.peek();
    if (highest != null && candidate.score() < highest.score()) {
      highestFirst.poll();
      highestFirst.add(candidate);
    }
  }

  /** The lowest score first. */
  List<Candidate> inOrder() {
    List<Candidate> victims = new ArrayList<>(highestFirst);
    victims.sort(Comparator.comparingDouble(Candidate::score));
    return victims;
  }
}
