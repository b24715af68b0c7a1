package io.restpipe.event;

/** Answers the events that clients send to this node. See {@link EventHandler}. */
public non-sealed class ServerEventHandler extends EventHandler {}
