<?php
// A command of the machine.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function load_average() {
	exec( 'uptime', $said );
	return $said;
}
