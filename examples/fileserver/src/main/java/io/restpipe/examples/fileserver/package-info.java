/**
 * What RestPipe was made for: files on a machine behind a firewall that lets nothing in, shown by a
 * web application somewhere else.
 *
 * <pre>
 *   browser -> WebApplication -> gateway of the server ==pipe== client: FolderAnswers -> files
 *                                                        |
 *                                                     firewall
 * </pre>
 *
 * <p>{@link io.restpipe.examples.fileserver.FolderAnswers} is all the code behind the firewall;
 * {@link io.restpipe.examples.fileserver.WebApplication} knows HTTP only. {@link
 * io.restpipe.examples.fileserver.FileServer} runs everything in one process.
 */
@NullMarked
package io.restpipe.examples.fileserver;

import org.jspecify.annotations.NullMarked;
