package dev.mayfly.http;

/**
 * The node that answers, as its clients see it. Immutable.
 *
 * @param name its name among the nodes
 * @param host the host by which others reach it
 * @param port the port of its http door; 0 on a unix socket
 */
public record NodeDescription(String name, String host, int port) {}
