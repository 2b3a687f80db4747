"""Two host devices for every test process, whatever the machine has."""

import jax

jax.config.update("jax_num_cpu_devices", 2)
