<?php
/** The plugin's clock may be wrong, as many a shop's is; WordPress' own functions go by the machine's. */

namespace Doorstep;

function time() {
	return \time() + (int) ( $GLOBALS['wordpress_clock'] ?? getenv( 'WORDPRESS_CLOCK' ) ?: 0 );
}
