package io.restpipe.event;

/** Answers the events that the server sends to this node. See {@link EventHandler}. */
public non-sealed class ClientEventHandler extends EventHandler {}
