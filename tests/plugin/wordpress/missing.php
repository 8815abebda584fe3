<?php
/** $wordpress_missing: functions that the plugin does not find, as where WooCommerce is switched off. */

namespace Doorstep;

function function_exists( $name ) {
	return ! in_array( $name, $GLOBALS['wordpress_missing'] ?? array(), true ) && \function_exists( $name );
}
