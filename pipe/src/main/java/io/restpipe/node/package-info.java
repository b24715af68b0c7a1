/**
 * The two kinds of node and their builders: the one place that assembles the parts. Nothing inside
 * imports it.
 */
@NullMarked
package io.restpipe.node;

import org.jspecify.annotations.NullMarked;
