package io.restpipe.gateway;

/** Ends the work on a request; the caller is told the problem. */
final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    // It is part of the conversation, not a defect: nobody needs the stack.
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
