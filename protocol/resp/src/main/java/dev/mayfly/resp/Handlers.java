package dev.mayfly.resp;

import java.util.HashMap;
import java.util.Map;

/** What each command does, by name: the sum of the groups. Stateless. */
final class Handlers {
  private Handlers() {}

  static Map<String, Command.Handler> of(RespDoor door) {
    Map<String, Command.Handler> all = new HashMap<>();
    new StringCommands(door.config().rules()).addTo(all);
    new SetCommand(door.config().rules()).addTo(all);
    new BitCommands(door.config().rules()).addTo(all);
    new KeyCommands(door).addTo(all);
    new ExpiryCommands(door.config().rules()).addTo(all);
    new ScanCommands(door).addTo(all);
    new TransactionCommands(door).addTo(all);
    new PubSubCommands(door).addTo(all);
    new ConnectionCommands(door).addTo(all);
    new ClientCommands(door).addTo(all);
    new ServerCommands(door).addTo(all);
    new LockCommands(door).addTo(all);
    new CounterCommands(door.store()).addTo(all);
    new WatchCommands(door).addTo(all);
    return all;
  }
}
