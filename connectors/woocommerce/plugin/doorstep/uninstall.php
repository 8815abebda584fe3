<?php
/**
 * The plugin is deleted: Doorstep is told, and nothing of it stays in any shop of this installation.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;
defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/doorstep.php';

if ( is_multisite() ) {
	$doorstep_sites = get_sites(
		array(
			'fields' => 'ids',
			'number' => 0,
		)
	);
	foreach ( $doorstep_sites as $doorstep_site ) {
		switch_to_blog( $doorstep_site );
		remove_everything();
		restore_current_blog();
	}
} else {
	remove_everything();
}

function remove_everything() {
	leave( 'uninstalled' );
	delete_option( STATE_OPTION );
	delete_option( RULES_OPTION );
	delete_transient( AWAY_TRANSIENT );
}
