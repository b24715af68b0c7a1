package io.restpipe.cef;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/**
 * A socket below TLS that can gather what is written to it, to let it go all at once as the last it
 * ever writes: a goodbye that TLS adds by itself later, in answer to the other side's, goes
 * nowhere. Any thread.
 */
final class GatheringSocket extends Socket {

  private enum State {
    PASSING,
    GATHERING,
    DONE
  }

  private final Object lock = new Object();

  // Under the lock, which is never held over a write: a stuck one must not stop other threads.
  private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
  private State state = State.PASSING;

  /** From now on, what is written is kept. */
  void gather() {
    synchronized (lock) {
      state = State.GATHERING;
    }
  }

  /** Writes all that was gathered in one go. Nothing written later is sent. */
  void release() throws IOException {
    byte[] all;
    synchronized (lock) {
      state = State.DONE;
      all = gathered.toByteArray();
      gathered.reset();
    }
    super.getOutputStream().write(all);
  }

  /**
   * After the other side has ended the connection: whether it reset it too, as its machine does
   * when something arrives for a program that has closed it.
   */
  boolean isReset() {
    try {
      super.getOutputStream().write('\n');
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    OutputStream out = super.getOutputStream();
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] from, int offset, int length) throws IOException {
        if (passes(from, offset, length)) {
          out.write(from, offset, length);
        }
      }
    };
  }

  private boolean passes(byte[] from, int offset, int length) {
    synchronized (lock) {
      if (state == State.GATHERING) {
        gathered.write(from, offset, length);
      }
      return state == State.PASSING;
    }
  }
}
